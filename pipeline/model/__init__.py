"""The frozen types that stand between the stages. No I/O, no clock, no randomness."""
