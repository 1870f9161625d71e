"""Every command on disk before it is acknowledged: journal files, snapshots, and the way back."""

from veighna_ext.exchange.journal.errors import (
    CorruptJournal,
    DamagedFile,
    FolderInUse,
    FolderUnusable,
    ForeignFiles,
    JournalClosed,
    JournalError,
    JournalFailed,
    JournalFull,
    MissingSegment,
    NotAFolder,
    NothingToSalvage,
    OtherVenue,
    SnapshotFailed,
    SnapshotUnderWay,
    UnknownVersion,
)
from veighna_ext.exchange.journal.head import FORMAT_VERSION, Identity
from veighna_ext.exchange.journal.journal import Durability, Journal
from veighna_ext.exchange.journal.recovery import CutTail, Recovered, Report, read_identity
from veighna_ext.exchange.journal.salvage import Salvaged, salvage
from veighna_ext.exchange.journal.snapshot import SnapshotDraft

__all__ = [
    "FORMAT_VERSION",
    "CorruptJournal",
    "CutTail",
    "DamagedFile",
    "Durability",
    "FolderInUse",
    "FolderUnusable",
    "ForeignFiles",
    "Identity",
    "Journal",
    "JournalClosed",
    "JournalError",
    "JournalFailed",
    "JournalFull",
    "MissingSegment",
    "NotAFolder",
    "NothingToSalvage",
    "OtherVenue",
    "Recovered",
    "Report",
    "Salvaged",
    "SnapshotDraft",
    "SnapshotFailed",
    "SnapshotUnderWay",
    "UnknownVersion",
    "read_identity",
    "salvage",
]
