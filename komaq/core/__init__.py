"""What every room stands on: action, trail, access, money, clock, sequences, files, jobs, mail and the page kit.

It knows no room; business tables live in the rooms above.
"""
