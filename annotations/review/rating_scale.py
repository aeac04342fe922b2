"""What a review can say of a step beside which is the first wrong one."""

# Name, stored value, key.
RATINGS = [("wrong", "-1", "1"), ("neutral", "0", "2"), ("right", "1", "3")]
SEVERITIES = ["minor", "major", "fatal"]
