//! One writer at a time.
//!
//! A run holds its folder's lock exclusively. A shard holds it together with other shards, and a
//! lock of its own that no other process with the same share can have. The operating system lets
//! go of a lock when its process ends, however it ends.

use crate::Error;
use crate::shard::Shard;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Name of the lock's file in a folder. It stays there: only a file that is never removed can be the
/// same for all processes.
pub const LOCK: &str = ".lock";

/// Held as long as a process writes into a folder.
#[derive(Debug)]
pub struct Lock {
    _held: Vec<File>,
}

impl Lock {
    /// The whole folder, which must exist.
    ///
    /// # Errors
    /// [`Error::Rejected`] where another process writes into the folder, [`Error::File`] where the file
    /// system refuses.
    pub fn exclusive(folder: &Path) -> Result<Lock, Error> {
        let file = open(folder, LOCK)?;
        held(folder, file.try_lock())?;
        Ok(Lock { _held: vec![file] })
    }

    /// One share of it.
    pub(crate) fn of_shard(folder: &Path, shard: Shard) -> Result<Lock, Error> {
        let whole = open(folder, LOCK)?;
        held(folder, whole.try_lock_shared())?;
        let own = open(folder, &format!(".shard-{}-of-{}.lock", shard.number, shard.of))?;
        held(folder, own.try_lock())?;
        Ok(Lock { _held: vec![whole, own] })
    }
}

fn open(folder: &Path, name: &str) -> Result<File, Error> {
    let path = folder.join(name);
    File::options().create(true).write(true).truncate(false).open(&path).map_err(|e| Error::file(&path, e))
}

fn held(folder: &Path, result: Result<(), TryLockError>) -> Result<(), Error> {
    match result {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::rejected(
            folder,
            "another process is writing into this folder",
            "wait until it ends, or choose another folder",
        )),
        Err(TryLockError::Error(e)) => Err(Error::file(folder, format!("the folder cannot be locked: {e}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_refused_until_the_first_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Lock::exclusive(folder.path()).expect("free");
        assert!(matches!(Lock::exclusive(folder.path()), Err(Error::Rejected(_))));
        let shard = |number| Shard { number, of: 3 };
        assert!(Lock::of_shard(folder.path(), shard(1)).is_err());
        drop(first);
        let one = Lock::of_shard(folder.path(), shard(1)).expect("free");
        let two = Lock::of_shard(folder.path(), shard(2)).expect("shards share a folder");
        assert!(Lock::of_shard(folder.path(), shard(1)).is_err(), "each share has one writer");
        assert!(Lock::exclusive(folder.path()).is_err());
        drop((one, two));
        Lock::exclusive(folder.path()).expect("free again");
    }
}
