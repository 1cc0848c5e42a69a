//! Work over threads, where there are any. Results come in the order of the items, so that they
//! do not depend on who did what when.

use crate::context::Context;

/// The threads of a context.
#[cfg(feature = "threads")]
pub(crate) struct Pool {
    threads: usize,
    pool: std::sync::OnceLock<Option<rayon::ThreadPool>>,
}

#[cfg(feature = "threads")]
impl Pool {
    pub(crate) fn new(threads: usize) -> Pool {
        Pool { threads, pool: std::sync::OnceLock::new() }
    }

    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// Runs work on the threads; where they cannot be started, on the caller's.
    fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        let start = || rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().ok();
        match self.pool.get_or_init(start) {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

#[cfg(not(feature = "threads"))]
pub(crate) struct Pool;

#[cfg(not(feature = "threads"))]
impl Pool {
    pub(crate) fn new(_: usize) -> Pool {
        Pool
    }

    pub(crate) fn threads(&self) -> usize {
        1
    }
}

/// The results of some work on each item, in the order of the items.
///
/// # Errors
/// The error of one of the items that had one; the others may not have been worked on.
pub fn try_map<T: Sync, R: Send, E: Send>(
    context: &Context,
    items: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    try_map_with(context, items, || (), |(), item| work(item))
}

/// The same with something that each thread makes for itself and uses again from item to item.
///
/// # Errors
/// The error of one of the items that had one; the others may not have been worked on.
pub fn try_map_with<T: Sync, S: Send, R: Send, E: Send>(
    context: &Context,
    items: &[T],
    start: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, &T) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    #[cfg(feature = "threads")]
    if context.threads() > 1 {
        use rayon::prelude::*;
        return context.pool().install(|| items.par_iter().with_max_len(1).map_init(&start, &work).collect());
    }
    #[cfg(not(feature = "threads"))]
    let _ = context;
    // The caller's own thread. One of a pool that waits for another pool would begin further work meanwhile, on
    // the same stack.
    let mut state = start();
    items.iter().map(|item| work(&mut state, item)).collect()
}

/// The results of some work that cannot fail, in the order of the items.
pub fn map<T: Sync, R: Send>(context: &Context, items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    let all: Result<Vec<R>, std::convert::Infallible> = try_map(context, items, |item| Ok(work(item)));
    match all {
        Ok(all) => all,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_items() {
        let items: Vec<u32> = (0..1000).collect();
        for threads in [1, 2, 5] {
            assert_eq!(
                map(&Context::new(threads), &items, |x| x * 2),
                (0..2000).step_by(2).collect::<Vec<_>>()
            );
        }
        let fails: Result<Vec<u32>, &str> =
            try_map(&Context::new(2), &items, |x| if *x == 500 { Err("it") } else { Ok(*x) });
        assert_eq!(fails, Err("it"));
    }
}
