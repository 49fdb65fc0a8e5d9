"""The author's side: is a question a good item, does a released file hold a key, what do learners get."""
