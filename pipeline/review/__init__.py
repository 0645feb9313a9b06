"""What people look at: the report, the contact sheet and the poster. Reads every stage's result and changes none."""
