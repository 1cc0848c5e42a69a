//! Claims: dated, decidable statements about a trajectory.

use crate::base_rate::BaseRate;
use crate::diagnostic::Spot;
use crate::draft::Day;
use crate::form::{Form, May, Must, Name};
use breakaway_model::event::{Cause, EventKind};
use breakaway_model::observe::Observable;

/// A claim's expression as it was written.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // documented where they are read
pub struct Expression {
    pub spot: Option<Spot>,
    pub event: Vec<Name>,
    pub observable: Option<Name>,
    pub of: Vec<Name>,
    pub cause: Vec<Name>,
    pub at_least: i32,
    pub above: Option<(f32, Spot)>,
    pub below: Option<(f32, Spot)>,
    pub every: bool,
    pub days: i32,
    pub by: Day,
    pub from: Day,
    pub first_in: Vec<Name>,
    pub first: Option<Box<Expression>>,
    pub then: Option<Box<Expression>>,
    pub same: bool,
    pub within: i32,
    pub all: Vec<Expression>,
    pub any: Vec<Expression>,
    pub not: Option<Box<Expression>>,
    pub claim: Option<Name>,
    pub lever: Option<Name>,
    pub more: Option<Box<Expression>>,
}

/// Reads an expression.
pub fn read(form: &mut Form, e: &mut Expression) {
    e.spot = Some(form.spot());
    e.at_least = 1;
    e.days = 1;
    form.names("event", &mut e.event, May, "Kind of event that happens, or several of which one happens.");
    form.name("observable", &mut e.observable, May, "Observable that crosses a threshold.");
    form.names(
        "of",
        &mut e.of,
        May,
        "Whose: polities, regions, groups, sectors (`sector/polity` for a side).",
    );
    form.names("cause", &mut e.cause, May, "Largest cause that the event must have, or one of several.");
    form.people("at_least", &mut e.at_least, May, "In how many of the entities it must happen (default 1).");
    for (key, into, doc) in [
        ("above", &mut e.above, "The observable rises above this."),
        ("below", &mut e.below, "The observable falls below this."),
    ] {
        let mut value = f32::NAN;
        form.number(key, &mut value, -1e9..=1e9, May, doc);
        if !value.is_nan() {
            *into = Some((value, form.spot_of(key)));
        }
    }
    form.flag(
        "every",
        &mut e.every,
        May,
        "Whether all entities must be across the threshold on the same day.",
    );
    form.people("days", &mut e.days, May, "For how many days on end (default 1).");
    form.date("by", &mut e.by, May, "Last day on which it counts (default: the scenario's last).");
    form.date("from", &mut e.from, May, "First day on which it counts (default: the scenario's first).");
    form.names("first_in", &mut e.first_in, May, "The first such event of all happens in one of these.");
    form.flag("same", &mut e.same, May, "Whether `first` and `then` must happen to the same region.");
    form.people("within", &mut e.within, May, "`then` comes at most so many days after `first`.");
    if form.has("within") && e.within == 0 {
        form.fault("`within` = 0 can never hold", "`then` comes after `first`: at least 1 day");
    }
    let one = |form: &mut Form, key, doc| {
        let mut found = None;
        form.recursive(key, "expression", false, doc, |inner| {
            let mut expression = Expression::default();
            read(inner, &mut expression);
            found = Some(Box::new(expression));
        });
        found
    };
    e.first = one(form, "first", "What happens before `then`.");
    e.then = one(form, "then", "What happens after `first`.");
    e.not = one(form, "not", "What does not happen.");
    e.more = one(form, "more", "What happens more often, or sooner, with the `lever` than without it.");
    for (key, into, doc) in
        [("all", &mut e.all, "All of these hold."), ("any", &mut e.any, "At least one of these holds.")]
    {
        form.recursive(key, "expression", true, doc, |inner| {
            let mut expression = Expression::default();
            read(inner, &mut expression);
            into.push(expression);
        });
    }
    form.name("claim", &mut e.claim, May, "Another claim, by its identifier.");
    form.name("lever", &mut e.lever, May, "Lever that is compared: on against off, with the same chance.");
}

/// Reads a claim.
pub fn read_claim(form: &mut Form, claim: &mut crate::draft::Claim) {
    form.text("text", &mut claim.text, Must, "The claim in a sentence, neutrally worded.");
    form.text("source", &mut claim.source, Must, "Where the claim comes from.");
    form.text("note", &mut claim.note, May, "How the sentence was made decidable; source of the outcome.");
    for (key, into, doc) in [
        ("that", &mut claim.that, "What is claimed."),
        ("given", &mut claim.given, "Condition: only simulations in which it comes true are counted."),
    ] {
        form.recursive(key, "expression", false, doc, |inner| {
            let mut expression = Expression::default();
            read(inner, &mut expression);
            *into = Some(expression);
        });
    }
    if claim.that.is_none() && !form.is_schema() {
        form.fault("`that` is missing", "say what is claimed: that = { event = \"fall\", of = \"...\" }");
    }
    let mut outcome = false;
    let known = form.has("outcome");
    form.flag("outcome", &mut outcome, May, "What really happened, where known.");
    if known {
        claim.outcome = Some(outcome);
    }
    form.date("outcome_date", &mut claim.outcome_date, May, "When it came true, where known.");
    form.name("base_rate", &mut claim.base_rate, May, "Reference class, one: how often such things happen.");
}

/// A claim whose names are resolved.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Identifier.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// Where it comes from.
    pub source: String,
    /// How it was made decidable.
    pub note: String,
    /// What is claimed.
    pub that: Statement,
    /// Condition.
    pub given: Option<Statement>,
    /// What really happened.
    pub outcome: Option<bool>,
    /// Day of the scenario on which it really came true.
    pub outcome_day: Option<u32>,
    /// How often such things happen, without the model.
    pub base_rate: Option<BaseRate>,
}

/// A decidable statement; it comes true on a day, or never.
#[derive(Clone, Debug)]
pub enum Statement {
    /// An observable stays across a threshold for some days on end.
    Threshold {
        /// Observable.
        observable: &'static Observable,
        /// Entities.
        entities: Vec<usize>,
        /// How many of them must be across on the same day.
        at_least: usize,
        /// Level.
        level: f32,
        /// Whether above it.
        above: bool,
        /// Days on end.
        days: u32,
        /// First and last day that count.
        window: (u32, u32),
    },
    /// Events of some kinds happen to at least so many of some entities.
    Happens {
        /// What, to whom, why.
        events: Events,
        /// To how many.
        at_least: usize,
        /// First and last day that count.
        window: (u32, u32),
    },
    /// The first of such events happens in a group.
    FirstIn {
        /// The events among which the first is sought.
        events: Events,
        /// The group.
        group: Vec<usize>,
        /// First and last day that count.
        window: (u32, u32),
    },
    /// One before another.
    Order {
        /// What happens first.
        first: Box<Statement>,
        /// What happens after it.
        then: Box<Statement>,
        /// Whether to the same entity.
        same: bool,
        /// Most days between them.
        within: u32,
    },
    /// Another claim's statement holds.
    Claim(usize),
    /// All hold.
    All(Vec<Statement>),
    /// One holds.
    Any(Vec<Statement>),
    /// It does not hold by the horizon.
    Not(Box<Statement>),
    /// It happens to more entities, or as many and sooner, with a lever than without.
    Compared {
        /// Lever.
        lever: usize,
        /// Whether it is on in the scenario itself.
        active: bool,
        /// What happens.
        events: Events,
        /// First and last day that count.
        window: (u32, u32),
    },
}

impl Statement {
    /// The first and the last day that count anywhere in it; none where it names no day.
    pub fn window(&self) -> Option<(u32, u32)> {
        let wider = |a: (u32, u32), b: (u32, u32)| (a.0.min(b.0), a.1.max(b.1));
        match self {
            Statement::Threshold { window, .. }
            | Statement::Happens { window, .. }
            | Statement::FirstIn { window, .. }
            | Statement::Compared { window, .. } => Some(*window),
            Statement::Order { first, then, .. } => {
                first.window().into_iter().chain(then.window()).reduce(wider)
            }
            Statement::All(all) | Statement::Any(all) => {
                all.iter().filter_map(Statement::window).reduce(wider)
            }
            Statement::Not(that) => that.window(),
            Statement::Claim(_) => None,
        }
    }

    /// Notes, wherever it compares a lever, that the scenario itself now has it on.
    pub(crate) fn switch_on(&mut self, switched: usize) {
        match self {
            Statement::Compared { lever, active, .. } if *lever == switched => *active = true,
            Statement::Order { first, then, .. } => {
                first.switch_on(switched);
                then.switch_on(switched);
            }
            Statement::All(all) | Statement::Any(all) => {
                all.iter_mut().for_each(|that| that.switch_on(switched))
            }
            Statement::Not(that) => that.switch_on(switched),
            Statement::Threshold { .. }
            | Statement::Happens { .. }
            | Statement::FirstIn { .. }
            | Statement::Claim(_)
            | Statement::Compared { .. } => {}
        }
    }
}

/// A set of events.
#[derive(Clone, Debug)]
pub struct Events {
    /// Kinds, each with the entities to whom it counts.
    pub kinds: Vec<(EventKind, Vec<usize>)>,
    /// Causes that count; all when empty.
    pub causes: Vec<Cause>,
}

/// Calls `visit_one` for a statement and all within it.
pub fn visit<'a>(statement: &'a Statement, visit_one: &mut dyn FnMut(&'a Statement)) {
    visit_one(statement);
    match statement {
        Statement::All(all) | Statement::Any(all) => all.iter().for_each(|inner| visit(inner, visit_one)),
        Statement::Not(inner) => visit(inner, visit_one),
        Statement::Order { first, then, .. } => {
            visit(first, visit_one);
            visit(then, visit_one);
        }
        Statement::Threshold { .. }
        | Statement::Happens { .. }
        | Statement::FirstIn { .. }
        | Statement::Claim(_)
        | Statement::Compared { .. } => {}
    }
}

/// Calls `visit_one` for every statement of all claims.
pub fn visit_all<'a>(claims: &'a [Claim], visit_one: &mut dyn FnMut(&'a Statement)) {
    for claim in claims {
        visit(&claim.that, visit_one);
        claim.given.iter().for_each(|given| visit(given, visit_one));
    }
}
