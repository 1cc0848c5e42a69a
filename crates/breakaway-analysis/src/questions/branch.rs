//! Many futures from one history.

use crate::Error;
use crate::finding::{Cell, Finding, Table};
use crate::proper_scores::wilson;
use crate::taken::Taken;
use breakaway_ensemble::life::{FRESH, Life, Wanted, live};

/// Fewest futures: fewer say nothing of what is open.
pub const FEWEST_FUTURES: u32 = 20;
/// Most futures: as many numbers are set aside for fresh luck.
pub const MOST_FUTURES: u32 = 1 << 20;

/// Lives through a member again until the end of a day, and from there on `futures` times with
/// fresh luck.
pub fn branch(taken: &Taken, member: u32, day: u32, futures: u32) -> Result<Finding, Error> {
    let all = taken.recorded.draws.len();
    let refused = |what: String, help: String| Err(Error::Refused(what, help));
    if member as usize >= all {
        return refused(
            format!("there is no member {member}"),
            format!("the run has members 0 to {}", all - 1),
        );
    }
    if taken.recorded.failed[member as usize] {
        return refused(
            format!("member {member} failed"),
            "choose another; `members.parquet` says why".into(),
        );
    }
    if day >= taken.scenario.world.days {
        return refused(
            format!("day {day} leaves no future"),
            format!("the scenario has days 0 to {}", taken.scenario.world.days),
        );
    }
    taken.claims(None)?;
    if !(FEWEST_FUTURES..=MOST_FUTURES).contains(&futures) {
        return refused(format!("{futures} futures"), format!("between {FEWEST_FUTURES} and {MOST_FUTURES}"));
    }
    let own = Life::of(member);
    let lives: Vec<Life> = (0..futures).map(|k| own.turn(day, FRESH + k)).collect();
    let lived = live(&taken.plan(), &lives, &Wanted::default());
    let date = taken.scenario.date(day);
    let title = format!("Futures of member {member} from {date} on");
    let mut finding = Finding::new(&format!("branch-{member}-{day}"), title);
    let failed = lived.iter().filter(|one| one.failed).count();
    if failed > 0 {
        finding.say(format!("{failed} futures failed and are left out."));
    }
    let columns = ["claim", "in the run", "given this past", "95 % interval", "in this member"];
    let caption = format!(
        "Claims in {} futures with the past of member {member} until {date} and its parameters; what differs is luck",
        lived.len() - failed
    );
    let mut table = Table::new("claims", caption, &columns);
    let (mut alike, mut arise) = (0, 0);
    for (k, claim) in taken.scenario.claims.iter().enumerate() {
        let counted = lived.iter().filter(|one| !one.failed).map(|one| one.verdicts[k]).filter(|v| v.counts);
        let (n, held) = counted.fold((0, 0), |(n, held), v| (n + 1, held + u32::from(v.day.is_some())));
        let p = (n > 0).then(|| f64::from(held) / f64::from(n));
        arise += u32::from(n > 0);
        alike += u32::from(n > 0 && (held == n || held == 0));
        let own = taken.recorded.verdicts[k][member as usize];
        let (low, high) = wilson(f64::from(held), f64::from(n));
        table.row([
            Cell::text(&claim.id),
            Cell::share(taken.tally(k).probability()),
            Cell::share(p),
            if n > 0 { Cell::Between(low, high) } else { Cell::Nothing },
            Cell::text(match (own.counts, own.day) {
                (false, _) => "does not arise".into(),
                (true, Some(day)) => format!("true on {}", taken.scenario.date(day)),
                (true, None) => "not true".into(),
            }),
        ]);
    }
    let counted = lived.len() - failed;
    finding.say(format!(
        "{} of {} claims are still open on {date}; {alike} come out alike in all {counted} futures, so far as so many \
         can tell{}.",
        arise - alike,
        taken.scenario.claims.len(),
        match taken.scenario.claims.len() as u32 - arise {
            0 => String::new(),
            never => format!(", and the condition of {never} is never met"),
        }
    ));
    finding.tables.push(table);
    finding.tables.push(past(taken, &lived[0].events, day));
    Ok(finding)
}

/// What all futures have behind them.
fn past(taken: &Taken, events: &[breakaway_model::event::Event], day: u32) -> Table {
    let mut table = Table::new("past", "The common past", &["date", "event", "to", "largest cause"]);
    for event in events.iter().take_while(|event| event.day <= day) {
        let (_, name) = taken.manifest.names.of_event(event.kind, usize::from(event.entity));
        table.row([
            Cell::text(taken.scenario.date(event.day).to_string()),
            Cell::text(event.kind.name()),
            Cell::text(name),
            Cell::text(event.cause.name()),
        ]);
    }
    table
}
