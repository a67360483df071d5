#!/usr/bin/env python3
"""Records what PyYAML makes of plain scalars: [text, value] a line.

record_yaml.py > yaml.jsonl

It needs PyYAML 6. Text begins with `s`, whole numbers with `i`, floats with `f`.
"""
import json

import yaml

TEXTS = """yes Yes YES yEs no No NO on On ON oN off Off OFF y Y n N true True TRUE tRue false False FALSE null Null NULL nUll ~
0 1 -1 +1 012 0o12 0777 08 09 0_7 1_000 1__0 1_ 0b11 0b1_0 0B11 0x1F 0X1F 0x_f -0x10 +0b1 -012 1:30 1:60 12:30:45 01:30 -1:30 190:20:30 1:3
1.5 .5 5. -.5 +.5 -1.5 1e3 1.0e3 1.0e+3 1.0E-3 1e+3 .5e+1 .5e1 1_0.0_1 1:30.5 .inf -.inf +.inf .Inf .INF .iNf .nan .NaN -.nan .NAN inf nan Infinity
2026-01-02 2026-1-2 20260102 1.2.3 1,000 0.1.2 v1 1a a1 -- - + . .. 1- 1+1 0x 0b 0xg 1e 1e+ e5 12e03 685.230_15e+03 = None none NULL_ truely 1:2:3:4
00 0 0000 -0 +0 0.0 -0.0 0. 1.e+5 9223372036854775807 9223372036854775808 123456789012345678901234567890 2001-12-14t21:59:43.10-05:00 _1 1_2_3 0_ 0_0""".split()

for text in TEXTS:
    try:
        value = yaml.safe_load(text)
    except Exception:
        continue
    if isinstance(value, str):
        value = "s" + value
    elif isinstance(value, bool) or value is None:
        pass
    elif isinstance(value, (int, float)):
        value = ("i" if isinstance(value, int) else "f") + repr(value)
    elif isinstance(value, (list, dict)):
        continue
    else:
        value = type(value).__name__
    print(json.dumps([text, value]))
