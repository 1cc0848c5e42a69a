//! What depends on all regions of a polity.

use super::Builder;
use crate::draft::Region;
use breakaway_model::world::World;

impl Builder<'_> {
    /// Income, service and hinterland relative to the polity, and the shares of its sources.
    pub(super) fn shares(&self, world: &mut World) {
        let rows = &self.draft.regions;
        if !self.complete(world) || world.sources.len() != self.draft.sources.len() {
            return;
        }
        let men = |row: &Region| f64::from(if row.men >= 0 { row.men } else { row.population / 4 });
        let served: Vec<f64> = rows.iter().map(|row| men(row) * f64::from(row.service)).collect();
        let men: Vec<f64> = rows.iter().map(men).collect();
        for polity in &world.polities {
            let range = polity.regions.clone();
            let sum = |values: &[f64]| values[range.clone()].iter().sum::<f64>().max(1e-9);
            let (all_men, all_served) = (sum(&men), sum(&served));
            // Per head: the shares of the regions in the polity's income add up to one.
            let known = world.regions[range.clone()].iter().filter(|r| r.income.is_finite());
            let (income, people) = known.fold((0.0, 0.0), |(income, people), r| {
                let own = f64::from(r.population);
                (income + own * f64::from(r.income), people + own)
            });
            let mean = if people > 0.0 { income / people } else { 1.0 };
            let hinterland: f32 = world.regions[range.clone()].iter().map(|r| r.hinterland).sum();
            for r in range.clone() {
                let region = &mut world.regions[r];
                region.income =
                    if region.income.is_finite() { region.income / mean.max(1e-9) as f32 } else { 1.0 };
                region.service = (served[r] / all_served) as f32;
                region.hinterland =
                    if hinterland > 0.0 { region.hinterland / hinterland } else { (men[r] / all_men) as f32 };
            }
        }
        for (source, (_, draft)) in world.sources.iter_mut().zip(self.draft.sources.iter()) {
            let range = world.polities[source.polity].regions.clone();
            let weights =
                if draft.shares.as_ref().is_some_and(|s| s.name == "service") { &served } else { &men };
            let all = weights[range.clone()].iter().sum::<f64>().max(1e-9);
            source.shares = (0..world.regions.len())
                .map(|r| if range.contains(&r) { (weights[r] / all) as f32 } else { 0.0 })
                .collect();
        }
    }
}
