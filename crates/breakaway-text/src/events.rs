//! Events and their causes in sentences: the one wording for stories, replays and the page.

use crate::dates::Dates;
use breakaway_ensemble::EventRecord;
use breakaway_model::event::{Cause, EventKind};
use breakaway_store::Entities;

/// An event with its date and its largest cause: "11 November 2022: the regime of State A falls; the
/// largest cause is defeats at the front."
pub fn sentence(event: &EventRecord, entities: &Entities, dates: &Dates) -> String {
    let date = dates.long(event.day);
    let what = what(event, entities);
    let planned = matches!(
        event.kind,
        EventKind::WithdrawalOrdered | EventKind::Withdrawn | EventKind::Congress | EventKind::Peace
    );
    match event.cause {
        Cause::Scenario if planned => format!("{date}: {what}, as the scenario says."),
        cause => format!("{date}: {what}; the largest cause is {}.", because(event.kind, cause)),
    }
}

/// What happened, and to whom, without date and cause.
pub fn what(event: &EventRecord, entities: &Entities) -> String {
    let entity = entities.get(event.entity());
    let name = &entity.name;
    let side = entities.polity_name(event.entity());
    let sector = entity.sector.as_deref().unwrap_or(name);
    match event.kind {
        EventKind::Rout => format!("the troops of {side} rout at {sector}"),
        EventKind::SectorLost => format!("{side} loses {sector}"),
        EventKind::WithdrawalOrdered => format!("{side} orders a withdrawal from {sector}"),
        EventKind::Withdrawn => format!("{side} completes its withdrawal from {sector}"),
        EventKind::FrontCollapse => format!("half of the front of {name} is lost or in rout"),
        EventKind::Vacuum => format!("fewer than half of the officials of {name} still work for the centre"),
        EventKind::BandRule => format!("armed bands exceed one per thousand people in {name}"),
        EventKind::MassProtest => format!("more than 3.5 % of the people of {name} take part in protest"),
        EventKind::GarrisonFails => format!("fewer than half of the guards of {name} stand by the centre"),
        EventKind::Congress => format!("the movements of {name} hold a congress"),
        EventKind::Declared => format!("{name} declares that it leaves"),
        EventKind::Independent => format!("{name} becomes independent in fact"),
        EventKind::Suppressed => format!("the centre brings {name} back under its control"),
        EventKind::Fall => format!("the regime of {name} falls"),
        EventKind::Peace => format!("{name} stops fighting"),
    }
}

/// What happens somewhere in a polity, or to it: a step of a chain.
pub fn step(kind: EventKind, polity: &str) -> String {
    match kind {
        EventKind::Rout => format!("troops of {polity} rout"),
        EventKind::SectorLost => format!("{polity} loses a sector"),
        EventKind::WithdrawalOrdered => format!("{polity} orders a withdrawal"),
        EventKind::Withdrawn => format!("{polity} gives up a sector"),
        EventKind::FrontCollapse => format!("half of the front of {polity} is lost or in rout"),
        EventKind::Vacuum => format!("officials of a region of {polity} leave"),
        EventKind::BandRule => format!("armed bands grow large in a region of {polity}"),
        EventKind::MassProtest => format!("a region of {polity} sees mass protest"),
        EventKind::GarrisonFails => format!("a garrison of {polity} fails"),
        EventKind::Congress => format!("the movements of {polity} hold a congress"),
        EventKind::Declared => format!("a region of {polity} declares that it leaves"),
        EventKind::Independent => format!("a region of {polity} becomes independent in fact"),
        EventKind::Suppressed => format!("a region of {polity} is brought back"),
        EventKind::Fall => format!("the regime of {polity} falls"),
        EventKind::Peace => format!("{polity} stops fighting"),
    }
}

/// A cause, as it works on a kind of event: guards that hold a region down end a secession, and their
/// absence lets one begin.
pub fn because(kind: EventKind, cause: Cause) -> &'static str {
    let restores = kind == EventKind::Suppressed;
    match cause {
        Cause::Scenario => "what the scenario changes",
        Cause::Casualties => "casualties",
        Cause::Supply => "lack of supply",
        Cause::News => "bad news from the front",
        Cause::Neighbours => "what the neighbours did",
        Cause::Regime if restores => "the strength of the regime",
        Cause::Regime => "the weakness of the regime",
        Cause::Ground => "lost ground",
        Cause::Rout => "troops in rout",
        Cause::Strength if kind == EventKind::Rout => "the lack of reserves",
        Cause::Strength => "too few soldiers",
        Cause::Guards if restores => "the centre's guards",
        Cause::Guards if kind == EventKind::Independent => "guards who changed sides",
        Cause::Guards => "too few guards",
        Cause::Protest => "protest",
        Cause::Bands => "armed bands",
        Cause::Identity => "a grievance of identity",
        Cause::Burden => "the burden of mobilisation and deaths",
        Cause::Hardship => "hardship",
        Cause::Organisation => "the organisation of the movement",
        Cause::Legal => "the legal path through deputies",
        Cause::Vacuum => "a vacuum of administration",
        Cause::Armed if restores => "the centre's armed strength",
        Cause::Armed => "fighters who have the upper hand over the guards",
        Cause::Defeat => "defeats at the front",
        Cause::Secession => "regions that have left",
        Cause::Treasury => "an empty treasury",
        Cause::Fall => "the fall of the regime",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use breakaway_store::entities::EntityRecord;

    #[test]
    fn a_region_is_brought_back_by_guards_not_by_their_absence() {
        let record = |name: &str| EntityRecord { name: name.into(), ..EntityRecord::default() };
        let entities =
            Entities { regions: vec![record("Highland")], polities: vec![record("State A")], sides: vec![] };
        let event = |kind, cause| EventRecord { simulation: 0, day: 0, kind, entity: 0, cause, weight: 1.0 };
        let dates = Dates::from("2030-03-01");
        assert_eq!(
            sentence(&event(EventKind::Suppressed, Cause::Guards), &entities, &dates),
            "1 March 2030: the centre brings Highland back under its control; the largest cause is the centre's guards."
        );
        assert_eq!(
            sentence(&event(EventKind::GarrisonFails, Cause::Guards), &entities, &dates),
            "1 March 2030: fewer than half of the guards of Highland stand by the centre; the largest cause is too few guards."
        );
    }
}
