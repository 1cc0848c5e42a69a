//! A claim along one or two parameters or dates of levers, on the same luck everywhere.

use crate::Error;
use crate::finding::{Cell, Finding, Table, percent};
use crate::taken::claims;
use breakaway_ensemble::Beliefs;
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::design::Design;
use breakaway_ensemble::life::{Life, Wanted, live};
use breakaway_ensemble::tally::Tally;
use breakaway_model::dispatch::Simd;
use breakaway_model::params::Prior;
use breakaway_scenario::Scenario;

/// What is varied, and where.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Name.
    pub name: String,
    /// What.
    pub what: Vary,
    /// Values: of a parameter, or days of the scenario.
    pub values: Vec<f64>,
}

/// What can be varied.
#[derive(Clone, Copy, Debug)]
pub enum Vary {
    /// A parameter, by its position in the table.
    Parameter(usize),
    /// A lever, which is on and whose first change comes on a day.
    Lever(usize),
}

impl Axis {
    fn said(&self, scenario: &Scenario, value: f64) -> String {
        match self.what {
            // Enough digits to tell neighbours apart.
            Vary::Parameter(_) => format!("{}", (value * 1e6).round() / 1e6),
            Vary::Lever(_) => scenario.date(value as u32).to_string(),
        }
    }

    fn cell(&self, scenario: &Scenario, value: f64) -> Cell {
        match self.what {
            Vary::Parameter(_) => Cell::Number(value),
            Vary::Lever(_) => Cell::text(self.said(scenario, value)),
        }
    }

    fn set(&self, scenario: &mut Scenario, priors: &mut [Prior], value: f64) {
        match self.what {
            Vary::Parameter(k) => priors[k] = Prior::Fixed(value),
            Vary::Lever(k) => scenario.date_lever(k, value as u32),
        }
    }
}

/// Prices a claim at each value of one axis, or of two. `change` names what else differs from the
/// scenario.
pub fn sweep(
    scenario: &Scenario,
    beliefs: &Beliefs,
    design: Design,
    axes: &[Axis],
    claim: &str,
    change: &str,
) -> Result<Finding, Error> {
    let claim = claims(scenario, Some(claim))?[0];
    let lives: Vec<Life> = (0..design.members()).map(Life::of).collect();
    let price = |values: &[f64]| {
        let (mut scenario, mut beliefs) = (scenario.clone(), beliefs.clone());
        axes.iter()
            .zip(values)
            .for_each(|(axis, &value)| axis.set(&mut scenario, &mut beliefs.priors, value));
        let plan = Plan::new(&scenario, beliefs, design, Simd::best());
        let mut tally = Tally::new(design.draws);
        for (i, lived) in live(&plan, &lives, &Wanted::default()).iter().enumerate() {
            let verdict = lived.verdicts[claim];
            if verdict.counts && !lived.failed {
                tally.add(design.draw_of(i as u32), verdict.day.map(|day| day as u16));
            }
        }
        tally
    };
    let record = &scenario.claims[claim];
    let names: Vec<&str> = axes.iter().map(|axis| axis.name.as_str()).collect();
    let id = format!("sweep-{}-{}-{change}", record.id, names.join("-"));
    let with = if change.is_empty() { String::new() } else { format!(", with {change}") };
    let mut finding = Finding::new(&id, format!("Along {}{with}: {}", names.join(" and "), record.text));
    let mut all: Vec<(Vec<f64>, Option<f64>)> = vec![];
    let mut out = match axes {
        [one] => {
            let caption = format!("Probability along {} ({} members each)", one.name, design.members());
            let mut out =
                Table::new("curve", caption, &[&one.name, "probability", "error", "members that count"]);
            for &x in &one.values {
                let tally = price(&[x]);
                all.push((vec![x], tally.probability()));
                out.row([
                    one.cell(scenario, x),
                    Cell::share(tally.probability()),
                    Cell::share(tally.error()),
                    Cell::Count(tally.counted().into()),
                ]);
            }
            out
        }
        [rows, columns] => {
            let said: Vec<String> = columns.values.iter().map(|&y| columns.said(scenario, y)).collect();
            let header = format!("{} \\ {}", rows.name, columns.name);
            let mut names = vec![header.as_str()];
            names.extend(said.iter().map(String::as_str));
            let caption = format!("Probability, {} members each", design.members());
            let mut out = Table::new("map", caption, &names);
            for &x in &rows.values {
                let mut cells = vec![rows.cell(scenario, x)];
                for &y in &columns.values {
                    let p = price(&[x, y]).probability();
                    all.push((vec![x, y], p));
                    cells.push(Cell::share(p));
                }
                out.row(cells);
            }
            out
        }
        _ => {
            return Err(Error::Refused(
                "a sweep has one axis or two".into(),
                "give `--over` once or twice".into(),
            ));
        }
    };
    if let Vary::Parameter(k) = axes[0].what
        && let Some(spec) = scenario.specs().get(k)
    {
        out.caption += &format!(". {}: {}", axes[0].name, spec.doc);
    }
    finding.tables.push(out);
    let known = || all.iter().filter_map(|(at, p)| Some((at, (*p)?)));
    let place = |at: &[f64]| -> String {
        let one = |(axis, &value): (&Axis, &f64)| format!("{} {}", axis.name, axis.said(scenario, value));
        axes.iter().zip(at).map(one).collect::<Vec<_>>().join(", ")
    };
    let least = known().min_by(|(_, a), (_, b)| a.total_cmp(b));
    let most = known().max_by(|(_, a), (_, b)| a.total_cmp(b));
    match (least, most) {
        (Some((low, p)), Some((high, q))) if q > p => {
            finding.say(format!("From {} ({}) to {} ({}).", percent(p), place(low), percent(q), place(high)));
        }
        (Some((_, p)), _) => finding.say(format!("It is {} everywhere.", percent(p))),
        _ => finding.say("No member meets the claim's condition anywhere."),
    }
    Ok(finding)
}
