//! Shares of the regions of a polity add up to one.

mod common;

use common::{text, with};

#[test]
fn shares_of_income_service_and_hinterland_add_up_to_one() {
    // Regions of very different size and income, one of which is not known.
    let regions = text("regions.csv");
    let header = regions.lines().next().expect("a header");
    let column = header.split(',').position(|name| name == "income").expect("a column");
    for incomes in [["40", "3", "90"], ["40", "", "90"], ["", "", ""]] {
        let mut incomes = incomes.into_iter();
        let rows = regions.lines().skip(1).map(|row| {
            let mut cells: Vec<&str> = row.split(',').collect();
            if cells.contains(&"A") {
                cells[column] = incomes.next().expect("three regions");
            }
            cells.join(",")
        });
        let changed = std::iter::once(header.to_string()).chain(rows).collect::<Vec<_>>().join("\n");
        let world = with(&[("regions.csv", &changed)]).expect("a sound scenario").world;
        for polity in &world.polities {
            let own = &world.regions[polity.regions.clone()];
            let income: f32 = own.iter().map(|r| r.weight * r.income).sum();
            let service: f32 = own.iter().map(|r| r.service).sum();
            let hinterland: f32 = own.iter().map(|r| r.hinterland).sum();
            for (what, sum) in [("income", income), ("service", service), ("hinterland", hinterland)] {
                assert!((sum - 1.0).abs() < 1e-5, "{what} of {} adds up to {sum}", polity.id);
            }
        }
    }
}
