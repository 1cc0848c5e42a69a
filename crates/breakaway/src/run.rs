//! `run`: simulate and price.

use crate::args::{RunArgs, ScenarioArgs};
use crate::fail::Fail;
use crate::{report, show, words};
use breakaway_ensemble::block::Plan;
use breakaway_ensemble::design::Kind;
use breakaway_ensemble::{Commands, Design, Manifest, Options, Store};
use breakaway_model::dispatch::Simd;
use breakaway_model::params::Prior;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;

/// Runs the command.
pub fn run(args: &RunArgs) -> Result<(), Fail> {
    let (scenario, beliefs) = words::scenario(&args.scenario)?;
    let design = words::design(&args.design, &beliefs)?;
    let simd = simd(args.simd.as_deref())?;
    let threads = words::threads(args.threads)?;
    let commands = commands(args, design, &beliefs.priors);
    let out = match &args.out {
        Some(out) => out.clone(),
        None => default_folder(
            args,
            &Manifest::of(&Plan::new(&scenario, beliefs.clone(), design, simd), &commands),
        ),
    };
    let options = Options { design, threads, out: out.clone(), simd, block: args.block, commands };
    let bar = ProgressBar::new(u64::from(design.members()));
    let style = "{spinner} {human_pos} of {human_len} members [{bar:32}] {eta} left";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    breakaway_ensemble::run(&scenario, beliefs, &options, &|done, _| {
        bar.set_position(u64::from(done));
        true
    })?;
    bar.finish_and_clear();
    let (store, manifest) = Store::open(&out)?;
    show::print(&store, &manifest, args.format)?;
    if args.report { report::write(&store, &manifest, None) } else { Ok(()) }
}

/// How this run, and one of its members, is had again.
fn commands(args: &RunArgs, design: Design, priors: &[Prior]) -> Commands {
    let ScenarioArgs { scenario, with, set, posterior } = &args.scenario;
    let mut words = vec![scenario.display().to_string()];
    words.extend(with.iter().flat_map(|file| ["--with".into(), file.display().to_string()]));
    words.extend(set.iter().flat_map(|setting| ["--set".into(), setting.clone()]));
    words.extend(posterior.iter().flat_map(|file| ["--posterior".into(), file.display().to_string()]));
    let Design { draws, replicates, seed, kind } = design;
    let line = |words: &[String]| words.iter().map(|word| words::quoted(word)).collect::<Vec<_>>().join(" ");
    let (kind, draws) = match kind {
        Kind::Sobol => ("", draws),
        Kind::Saltelli => (" --design saltelli", draws / design.cluster(priors)),
        Kind::Grouped => (" --design grouped", draws / design.cluster(priors)),
    };
    let common = format!("{} --draws {draws} --replicates {replicates} --seed {seed}{kind}", line(&words));
    let place = args.out.iter().map(|out| format!(" --out {}", words::quoted(&out.display().to_string())));
    Commands {
        run: format!("breakaway run {common}{}", place.collect::<String>()),
        replay: format!("breakaway replay {common}"),
    }
}

fn simd(name: Option<&str>) -> Result<Simd, Fail> {
    let Some(name) = name else { return Ok(Simd::best()) };
    let known = Simd::available();
    let names: Vec<&str> = known.iter().map(|simd| simd.name()).collect();
    known.iter().find(|simd| simd.name() == name).copied().ok_or_else(|| {
        Fail::input(format!("this processor has no `{name}`"), format!("it has: {}", names.join(", ")))
    })
}

fn default_folder(args: &RunArgs, manifest: &Manifest) -> PathBuf {
    let folder = args.scenario.scenario.canonicalize().unwrap_or_else(|_| args.scenario.scenario.clone());
    let name = folder.file_name().map_or("run".into(), |name| name.to_string_lossy().into_owned());
    PathBuf::from("runs").join(format!("{name}-{}", &manifest.key[..8]))
}
