"""Loads pickles given in hex and prints how Python writes the values."""

import json
import pickle
import sys

json.dump([repr(pickle.loads(bytes.fromhex(text))) for text in sys.argv[1:]], sys.stdout)
