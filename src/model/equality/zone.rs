//! Time zones of the IANA database: which names are links to the same zone.
//!
//! Source: the links of IANA's tzdb 2025b (`backward`) that give one place another name. Links between two places, whose clocks
//! were merged because they agree since 1970, are left out: the places may part again.

/// The name of the zone to which this name is a link, or the name itself. Names that differ in case are different names here.
#[must_use]
pub fn canonical(name: &str) -> &str {
    LINKS.binary_search_by_key(&name, |(link, _)| link).map_or(name, |found| LINKS[found].1)
}

/// The same for the engines of RDS, which read names without regard to case. A name that is neither a link nor the target of one
/// is folded.
///
/// Sources: PostgreSQL's manual, 8.5.3 (time zone names are recognised without regard to case); MySQL's manual, 5.1.15 (named
/// time zones are not case-sensitive).
#[must_use]
pub fn folded(name: &str) -> String {
    let link = LINKS.iter().find(|(link, _)| link.eq_ignore_ascii_case(name));
    link.map_or(name, |(_, target)| target).to_ascii_lowercase()
}

/// A link, and the zone to which it leads; in the order of the links.
#[rustfmt::skip]
const LINKS: &[(&str, &str)] = &[
    ("America/Atka", "America/Adak"), ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ("America/Catamarca", "America/Argentina/Catamarca"), ("America/Cordoba", "America/Argentina/Cordoba"),
    ("America/Godthab", "America/Nuuk"), ("America/Indianapolis", "America/Indiana/Indianapolis"),
    ("America/Jujuy", "America/Argentina/Jujuy"), ("America/Knox_IN", "America/Indiana/Knox"),
    ("America/Louisville", "America/Kentucky/Louisville"), ("America/Mendoza", "America/Argentina/Mendoza"),
    ("Asia/Ashkhabad", "Asia/Ashgabat"), ("Asia/Calcutta", "Asia/Kolkata"), ("Asia/Dacca", "Asia/Dhaka"),
    ("Asia/Istanbul", "Europe/Istanbul"), ("Asia/Katmandu", "Asia/Kathmandu"), ("Asia/Macao", "Asia/Macau"),
    ("Asia/Rangoon", "Asia/Yangon"), ("Asia/Saigon", "Asia/Ho_Chi_Minh"), ("Asia/Thimbu", "Asia/Thimphu"),
    ("Asia/Ujung_Pandang", "Asia/Makassar"), ("Asia/Ulan_Bator", "Asia/Ulaanbaatar"), ("Atlantic/Faeroe", "Atlantic/Faroe"),
    ("Australia/ACT", "Australia/Sydney"), ("Australia/Canberra", "Australia/Sydney"),
    ("Australia/LHI", "Australia/Lord_Howe"), ("Australia/NSW", "Australia/Sydney"), ("Australia/North", "Australia/Darwin"),
    ("Australia/Queensland", "Australia/Brisbane"), ("Australia/South", "Australia/Adelaide"),
    ("Australia/Tasmania", "Australia/Hobart"), ("Australia/Victoria", "Australia/Melbourne"),
    ("Australia/West", "Australia/Perth"), ("Australia/Yancowinna", "Australia/Broken_Hill"),
    ("Brazil/Acre", "America/Rio_Branco"), ("Brazil/DeNoronha", "America/Noronha"), ("Brazil/East", "America/Sao_Paulo"),
    ("Brazil/West", "America/Manaus"), ("Canada/Atlantic", "America/Halifax"), ("Canada/Central", "America/Winnipeg"),
    ("Canada/Eastern", "America/Toronto"), ("Canada/Mountain", "America/Edmonton"),
    ("Canada/Newfoundland", "America/St_Johns"), ("Canada/Pacific", "America/Vancouver"),
    ("Canada/Saskatchewan", "America/Regina"), ("Chile/Continental", "America/Santiago"),
    ("Chile/EasterIsland", "Pacific/Easter"), ("Cuba", "America/Havana"), ("Egypt", "Africa/Cairo"),
    ("Eire", "Europe/Dublin"), ("Etc/GMT+0", "Etc/GMT"), ("Etc/GMT-0", "Etc/GMT"), ("Etc/GMT0", "Etc/GMT"),
    ("Etc/Greenwich", "Etc/GMT"), ("Etc/UCT", "Etc/UTC"), ("Etc/Universal", "Etc/UTC"), ("Etc/Zulu", "Etc/UTC"),
    ("Europe/Kiev", "Europe/Kyiv"), ("GB", "Europe/London"), ("GB-Eire", "Europe/London"), ("GMT", "Etc/GMT"),
    ("GMT+0", "Etc/GMT"), ("GMT-0", "Etc/GMT"), ("GMT0", "Etc/GMT"), ("Greenwich", "Etc/GMT"),
    ("Hongkong", "Asia/Hong_Kong"), ("Iran", "Asia/Tehran"), ("Israel", "Asia/Jerusalem"), ("Jamaica", "America/Jamaica"),
    ("Japan", "Asia/Tokyo"), ("Kwajalein", "Pacific/Kwajalein"), ("Libya", "Africa/Tripoli"),
    ("Mexico/BajaNorte", "America/Tijuana"), ("Mexico/BajaSur", "America/Mazatlan"),
    ("Mexico/General", "America/Mexico_City"), ("NZ", "Pacific/Auckland"), ("NZ-CHAT", "Pacific/Chatham"),
    ("Navajo", "America/Denver"), ("PRC", "Asia/Shanghai"), ("Pacific/Enderbury", "Pacific/Kanton"),
    ("Pacific/Samoa", "Pacific/Pago_Pago"), ("Poland", "Europe/Warsaw"), ("Portugal", "Europe/Lisbon"),
    ("ROC", "Asia/Taipei"), ("ROK", "Asia/Seoul"), ("Singapore", "Asia/Singapore"), ("Turkey", "Europe/Istanbul"),
    ("UCT", "Etc/UTC"), ("US/Alaska", "America/Anchorage"), ("US/Aleutian", "America/Adak"),
    ("US/Arizona", "America/Phoenix"), ("US/Central", "America/Chicago"),
    ("US/East-Indiana", "America/Indiana/Indianapolis"), ("US/Eastern", "America/New_York"),
    ("US/Hawaii", "Pacific/Honolulu"), ("US/Indiana-Starke", "America/Indiana/Knox"), ("US/Michigan", "America/Detroit"),
    ("US/Mountain", "America/Denver"), ("US/Pacific", "America/Los_Angeles"), ("US/Samoa", "Pacific/Pago_Pago"),
    ("UTC", "Etc/UTC"), ("Universal", "Etc/UTC"), ("W-SU", "Europe/Moscow"), ("Zulu", "Etc/UTC"),
];

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{LINKS, canonical, folded};

    #[test]
    fn links_are_sorted_and_lead_to_zones() {
        assert!(LINKS.is_sorted(), "looked up by halves");
        for (link, target) in LINKS {
            assert_eq!(canonical(link), *target);
            assert_eq!(canonical(target), *target, "{link}: a link leads to no link");
        }
    }

    /// The database that this build has must not know a moment at which a link and its zone differ.
    #[test]
    fn a_link_has_the_clock_of_its_zone() {
        let year = jiff::SignedDuration::from_hours(24 * 365);
        for (link, target) in LINKS {
            let (Ok(one), Ok(other)) = (TimeZone::get(link), TimeZone::get(target)) else { panic!("{link}: no zone") };
            let mut moment = jiff::Timestamp::UNIX_EPOCH;
            for _ in 0..160 {
                moment += year / 2;
                assert_eq!(one.to_offset(moment), other.to_offset(moment), "{link} at {moment}");
            }
        }
    }

    #[test]
    fn names_of_one_zone_are_one_name() {
        assert_eq!(canonical("UTC"), canonical("Etc/UTC"));
        assert_eq!(canonical("Zulu"), canonical("Etc/UCT"));
        assert_eq!(canonical("Japan"), "Asia/Tokyo");
        assert_eq!(folded("asia/TOKYO"), folded("japan"));
        // The same clock today, and other zones.
        assert_ne!(canonical("UTC"), canonical("GMT"));
        assert_ne!(canonical("Asia/Tokyo"), canonical("Asia/Seoul"));
        assert_ne!(canonical("asia/tokyo"), canonical("Asia/Tokyo"), "AWS Backup's names keep their case");
        assert_ne!(folded("UTC"), folded("Etc/UTC+1"));
    }
}
