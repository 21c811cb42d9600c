"""nanodrr names torchio in types alone, and torchio would bring SimpleITK; two empty classes do as well."""

import sys
from types import ModuleType

_stand_in = ModuleType("torchio")
for _name in ("LabelMap", "ScalarImage"):
    setattr(_stand_in, _name, type(_name, (), {}))
sys.modules["torchio"] = _stand_in
