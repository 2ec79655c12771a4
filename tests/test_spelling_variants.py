"""British and American spelling: pairs have one form, other words keep theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import stems
from retrieval.spelling_variants import canonical_spelling

PAIRS = """
oesophagus/esophagus oesophageal/esophageal gastrooesophageal/gastroesophageal haemorrhage/hemorrhage
haemorrhoids/hemorrhoids haemoglobin/hemoglobin haematology/hematology haem/heme haemophilia/hemophilia
paediatric/pediatric paediatrician/pediatrician orthopaedic/orthopedic anaemia/anemia anaemic/anemic
leukaemia/leukemia ischaemia/ischemia ischaemic/ischemic hypoglycaemia/hypoglycemia hypoglycaemic/hypoglycemic
septicaemia/septicemia uraemia/uremia hypoxaemia/hypoxemia anaesthesia/anesthesia anaesthetic/anesthetic
paraesthesia/paresthesia dysaesthesia/dysesthesia synaesthesia/synesthesia gynaecology/gynecology
gynaecological/gynecological aetiology/etiology faeces/feces faecal/fecal caecum/cecum caesarean/cesarean
caesarian/cesarean phaeochromocytoma/pheochromocytoma naevus/nevus chimaera/chimera praevia/previa
diarrhoea/diarrhea gonorrhoea/gonorrhea amenorrhoea/amenorrhea rhinorrhoea/rhinorrhea dyspnoea/dyspnea apnoea/apnea
oedema/edema oedematous/edematous lymphoedema/lymphedema myxoedema/myxedema foetus/fetus foetal/fetal
coeliac/celiac hydrocoele/hydrocele oestrogen/estrogen oestradiol/estradiol homoeopathy/homeopathy amoeba/ameba
manoeuvre/maneuver manoeuvres/maneuvers manoeuvring/maneuvering
tumour/tumor tumours/tumors colour/color coloured/colored discolouration/discoloration behaviour/behavior
behavioural/behavioral favour/favor labour/labor humour/humor odour/odor vapour/vapor neighbour/neighbor
fibre/fiber fibres/fibers centre/center centres/centers centred/centered litre/liter millilitres/milliliters
metre/meter centimetre/centimeter titre/titer goitre/goiter theatre/theater
organise/organize organisation/organization generalised/generalized hospitalised/hospitalized
immunisation/immunization catheterise/catheterize randomised/randomized sterilising/sterilizing recognise/recognize
localised/localized stabiliser/stabilizer specialise/specialize metabolised/metabolized ionising/ionizing
paralyse/paralyze paralysed/paralyzed analyse/analyze analysing/analyzing dialyser/dialyzer
catalyse/catalyze labelled/labeled counselling/counseling counsellor/counselor traveller/traveler
modelling/modeling cancelled/canceled signalling/signaling tranquilliser/tranquilizer fulfil/fulfill
enrolment/enrollment sulphate/sulfate sulphur/sulfur sulphonamide/sulfonamide leucocyte/leukocyte
leucopenia/leukopenia programme/program programmes/programs kilogramme/kilogram catalogue/catalog analogue/analog
mould/mold mouldy/moldy moult/molt neurone/neuron motoneurones/motoneurons disc/disk discectomy/diskectomy
practise/practice practising/practicing licence/license defence/defense grey/gray ageing/aging
judgement/judgment artefact/artifact dietician/dietitian yoghurt/yogurt pyjamas/pajamas aluminium/aluminum
sceptical/skeptical jewellery/jewelry moustache/mustache focussed/focused plough/plow hiccough/hiccup
""".split()
OTHER_WORDS = """
does goes shoes toes toe shoe heroes echoes potatoes poem poet poetry aloe canoe phoenix coexist coefficient coenzyme
aerobic anaerobic aerosol vertebrae larvae algae striae petechiae sequelae scapulae israel michael
gastroenteritis gastroenterology neuroendocrine electroencephalogram thromboembolism intraepithelial
spondyloepiphyseal angioedema extraembryonic phytoestrogen gastroesophageal dna aed hae
four for hour our your pour sour tour flour course source journal nourish tourniquet tourette courage resource
acre more care cure before severe genre massacre chancre are there pressure measure failure ring during entering
noise raise rise arise exercise exercises exercised advise advised disease diseases surprise promise precise concise
excise incised circumcised bruise bruising cruise praise malaise otherwise likewise supervise revise devise improvise
advertise expertise compromise immunocompromised premise enterprise franchise disguise wise despise televise disable
crises irises penises pelvises practice miser riser kaiser this is basis crisis arthritis paralysis analysis analyses
paralyses metastases size prize seize dizzy seizure horizon citizen analyst lysine
swelling spelling smelling selling telling calling falling controlled expelled excelled killed pills cellular
excellent cell gallbladder umbrella
vague fatigue tongue plague dengue colleague league grammar discover discus disco shoulder boulder should would
leucine leucovorin phone graph tire tired tires draft check storey cold flu sense since science silence
""".split()


@pytest.mark.parametrize("pair", PAIRS)
def test_both_spellings_have_one_form(pair: str) -> None:
    british, american = pair.split("/")
    assert canonical_spelling(british) == canonical_spelling(american)
    assert stems(canonical_spelling(british)) == stems(canonical_spelling(american))


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_other_words_keep_their_spelling(word: str) -> None:
    assert canonical_spelling(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("four", "for"),
        ("poet", "pet"),
        ("does", "des"),
        ("hour", "hor"),
        ("paralysis", "paralyse"),
        ("labelled", "labile"),
        ("haem", "hem"),
        ("disc", "discus"),
        ("metre", "metric"),
        ("sulphur", "sulphate"),
    ],
)
def test_words_that_look_alike_stay_apart(one: str, other: str) -> None:
    assert canonical_spelling(one) != canonical_spelling(other)


def test_american_is_the_form_but_for_what_would_lose_the_plural_of_a_noun() -> None:
    assert canonical_spelling("oesophagus") == "esophagus"
    assert canonical_spelling("organisations") == "organizations"
    assert canonical_spelling("analyze") == canonical_spelling("analyse") == "analyse"
    assert canonical_spelling("analyses") == "analyses"


@given(st.one_of(st.from_regex(r"[a-z]{1,15}", fullmatch=True), st.text(max_size=10), st.sampled_from(OTHER_WORDS)))
def test_a_form_is_its_own_form(word: str) -> None:
    form = canonical_spelling(word)
    assert canonical_spelling(form) == form


@given(
    st.lists(st.sampled_from("ae oe our re ise yse ll ogue amme ed ing s em h d c p an l".split()), max_size=6),
)
def test_a_form_of_odd_words_is_its_own_form_as_well(parts: list[str]) -> None:
    form = canonical_spelling("".join(parts))
    assert canonical_spelling(form) == form
