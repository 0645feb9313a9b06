"""The journal of takes, the window of calls and the spend cap, in one SQLite file a world."""
