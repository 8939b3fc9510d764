//! Letters of every kind for tests and for the sample program.
#![allow(clippy::unwrap_used, reason = "fixtures: a broken one must stop the test")]

use portico_domain::{
    letters::{DeadlineKind, Facts, Letter, Outcome, Texts, compose},
    reading::{Format, Reading},
    status::Audience,
};

/// A name in each writing system, and the harder ones of Latin.
pub(crate) const NAMES: [(&str, &str); 34] = [
    ("Vietnamese", "Nguyễn Thị Phượng Đặng"),
    ("Marshallese", "Ṃajōḷ Ḷainṃōṇ Ñoñ"),
    ("Lakota", "Tȟatȟáŋka Íyotake"),
    ("Navajo", "Hastiin Tódích'íi'nii Łį́į́'"),
    ("Yoruba", "Ọlábísí Adéṣọ́lá Ẹ̀bùn"),
    ("Polish and Czech", "Zdzisław Łężyńska Dvořák Ťapušík"),
    ("Turkish and Azeri", "İbrahim Ağaoğlu Şükrü Məhəmməd"),
    ("Hawaiian", "Keliʻiokalani Kāʻanapali"),
    ("Livonian and old marks", "Ȭ ḗ Ǻ X̂ m̄ n̈ Ɓ Ɗ Ƙ"),
    ("Greek", "Ἀλέξανδρος Παπαδόπουλος"),
    ("Russian", "Дмитрий Щёголев"),
    ("Ukrainian", "Ґалаґан Євгенія Їжакевич"),
    ("Kazakh", "Әлихан Бөкейханұлы Қасым"),
    ("Arabic", "محمد عبد الرحمن الهاشمي"),
    ("Persian and Urdu", "علی‌رضا گُلزاری ڈاکٹر پیرزادہ"),
    ("Hebrew", "יוֹסֵף בן־דוד"),
    ("Armenian", "Արամ Խաչատրյան"),
    ("Georgian", "შოთა რუსთაველი"),
    ("Amharic", "ኃይለ ገብረሥላሴ"),
    ("Cherokee", "ᏍᏏᏉᏯ ᏣᎳᎩ"),
    ("Hindi", "श्रीकृष्ण क्षेत्रपाल"),
    ("Bengali", "রবীন্দ্রনাথ শ্রীলক্ষ্মী"),
    ("Punjabi", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
    ("Gujarati", "જ્યોતિબેન ક્ષત્રિય"),
    ("Tamil", "ஸ்ரீநிவாசன் முருகன்"),
    ("Telugu", "శ్రీనివాస్ కృష్ణమూర్తి"),
    ("Kannada", "ಶ್ರೀಕೃಷ್ಣ ಗೌಡ"),
    ("Malayalam", "ശ്രീകുമാർ കൃഷ്ണൻ"),
    ("Thai", "สมชาย ณ อยุธยา"),
    ("Lao", "ສົມພອນ ແກ້ວມະນີ"),
    ("Khmer", "សុខ ស្រីមុំ ជ័យវរ្ម័ន"),
    ("Burmese", "အောင်ဆန်းစုကြည် ခင်မြင့်"),
    ("Korean", "김철수 명 홍길동"),
    ("Han and kana", "王小明 陳美齡 渡辺さくら タカハシ 吉野 々 㐂"),
];

/// A letter about a person with a name of every kind.
pub(crate) fn names() -> Facts {
    let mut facts = denied();
    "Nguyễn Thị Phượng 王小明".clone_into(&mut facts.member.name);
    facts.reasons = NAMES.iter().map(|(script, name)| format!("{script}: {name}")).collect();
    facts
}

/// The decision record of the fixture: one line each cut, granted and denied.
pub(crate) fn modified() -> Facts {
    serde_json::from_str(include_str!("../../domain/src/letters/fixtures/modified.json")).unwrap()
}

/// Everything granted; a letter of one page.
pub(crate) fn approved() -> Facts {
    let mut facts = modified();
    facts.outcome = Outcome::Approved;
    for line in &mut facts.lines {
        line.authorized = Some(line.requested.clone());
        (line.outcome, line.reason) = (Outcome::Approved, None);
    }
    (facts.criteria, facts.deadlines, facts.reviewer) = (Vec::new(), Vec::new(), None);
    facts
}

/// Nothing granted, for reasons that hold for the whole request.
pub(crate) fn denied() -> Facts {
    let mut facts = modified();
    facts.outcome = Outcome::Denied;
    facts.authorization = None;
    for line in &mut facts.lines {
        (line.outcome, line.authorized, line.reason) = (Outcome::Denied, None, None);
    }
    facts.reasons = vec![
        "The records sent with the request do not describe the present ability to move and to care for oneself. Without \
         it we cannot tell whether the services are needed."
            .to_owned(),
        "The plan of care is not signed by the treating physician.".to_owned(),
    ];
    facts
}

/// Many lines and long names.
pub(crate) fn long() -> Facts {
    let mut facts = modified();
    "01991f3a-2b7c-7d5e-8f90-1234567890ab".clone_into(&mut facts.letter);
    "Maximiliana Theodora Fitzgerald-Papadimitropoulos de la Concepción y Hernández".clone_into(&mut facts.member.name);
    "The Regional Center for Pediatric Rehabilitation, Developmental Medicine and Assistive Technology of the Upper \
     River Valley, Incorporated"
        .clone_into(&mut facts.requesting.name);
    let lines = facts.lines.clone();
    facts.lines = lines.into_iter().cycle().take(36).collect();
    facts
}

/// The letter of a record for one reader.
pub(crate) fn letter(facts: &Facts, audience: Audience) -> Letter {
    let texts: Texts = toml::from_str(include_str!("../../domain/src/letters/fixtures/texts.toml")).unwrap();
    compose(facts, &texts, audience).unwrap()
}

/// How Spanish and large print are asked for.
pub(crate) fn reading(facts: &mut Facts, language: &str, format: Format) {
    facts.member.reading = Reading { language: language.parse().ok(), format: Some(format) };
}

/// The member's letter of a record with the texts of a contract that ships.
pub(crate) fn of_pack(facts: &Facts) -> Letter {
    let pack = include_str!("../../../contracts/arkansas/letters.toml");
    let texts: Texts = toml::from_str::<toml::Table>(pack).unwrap().remove("letters").unwrap().try_into().unwrap();
    compose(facts, &texts, Audience::Member).unwrap()
}

/// The same decision in each language and print.
pub(crate) fn readings() -> Vec<(String, Letter)> {
    let mut all = Vec::new();
    for (name, facts) in [("modified", modified()), ("denied", denied()), ("long", long())] {
        for language in ["en", "es"] {
            for (print, format) in [("standard", Format::Standard), ("large", Format::LargePrint)] {
                let mut facts = facts.clone();
                reading(&mut facts, language, format);
                for deadline in &mut facts.deadlines {
                    match deadline.kind {
                        DeadlineKind::Reconsideration => "Ask for a reconsideration by",
                        DeadlineKind::Continuation => "Ask to keep the service by",
                        _ => "Ask for an appeal by",
                    }
                    .clone_into(&mut deadline.label);
                }
                facts.member.care_of = Some("Parent or guardian of".to_owned());
                for line in &mut facts.lines {
                    (line.description_es, line.unit_es) =
                        (Some("Terapia con tareas diarias".into()), Some("15 minutos".into()));
                }
                all.push((format!("{name}-member-{language}-{print}"), of_pack(&facts)));
            }
        }
    }
    all
}

/// All of them, by name.
pub(crate) fn all() -> Vec<(String, Letter)> {
    let records = [
        ("approved", approved()),
        ("modified", modified()),
        ("denied", denied()),
        ("long", long()),
        ("names", names()),
    ];
    let readers = [("provider", Audience::Provider), ("member", Audience::Member)];
    let both = |(name, facts): (&str, Facts)| {
        readers.map(|(reader, audience)| (format!("{name}-{reader}"), letter(&facts, audience)))
    };
    records.into_iter().flat_map(both).collect()
}
