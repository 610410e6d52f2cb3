"""`make bench`: the speed of the whole, beside what a user would write instead."""
