//! Runs the reference scenario, follows its progress, cancels, resumes, and prints the claims:
//! `cargo run --release -p breakaway --example reference`
use breakaway::prelude::*;
use std::time::Duration;

fn main() -> Result<(), Error> {
    let scenario = ScenarioSource::of("scenarios/autumn-2022");
    let question = Run { scenario, folder: Some("runs/example".into()), ..Run::default() };
    let job = Job::start(question.clone(), 2)?;
    std::thread::sleep(Duration::from_millis(500));
    job.cancel();
    match job.wait() {
        Err(Error::Stopped(_)) => println!("stopped. {}", question.kept_when_stopped()),
        other => return other.map(|_| ()),
    }
    let job = Job::start(question, 2)?;
    while !job.is_done() {
        if let Some(Progress { task, done, total, time_left }) = job.progress() {
            println!("{task}: {done} of {total}, {:.0?} left", time_left.unwrap_or_default());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    let RunAnswer::Whole(answers) = job.wait()? else { return Ok(()) };
    for claim in &answers.claims {
        println!("{:>5.1} %  {}", 100.0 * claim.probability.unwrap_or(f64::NAN), claim.text);
    }
    Ok(())
}
