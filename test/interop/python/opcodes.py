"""Walks pickle files without loading them; prints for each, as JSON, the globals it imports and its other opcodes."""

import json
import pathlib
import pickletools
import sys


def walked(data):
    imports, opcodes, strings = [], set(), []
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name == "STACK_GLOBAL":
            imports.append(".".join(strings[-2:]))
        elif opcode.name in ("GLOBAL", "INST"):
            imports.append(argument.replace(" ", "."))
        elif isinstance(argument, str):
            strings.append(argument)
        opcodes.add(opcode.name)
    return {"globals": sorted(set(imports)), "opcodes": sorted(opcodes)}


json.dump([walked(pathlib.Path(file).read_bytes()) for file in sys.argv[1:]], sys.stdout)
