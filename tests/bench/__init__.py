"""What the app costs, as ratios within one run: ./bench, or python -m tests.bench.

Absolute times differ from machine to machine and from minute to minute. So each number is compared with a floor that
is measured in the same process, turn by turn: a bare view, one durable commit, WeasyPrint as it comes.
"""
