"""Benchmarks: each figure beside a floor measured in the same run, so that a slow machine changes neither verdict."""
