"""Finds dotted names in the packages that are installed. Imports these packages, and nothing of the program."""
import importlib
import inspect
import types

#: What the functions return whose result is a model or a tensor, where the package does not say so.
MODEL_MAKERS = {"load_model", "model_from_json", "model_from_config", "clone_model"}

MISSING = object()
UNKNOWN = object()


class Installed:
    """The packages of this interpreter."""

    def __init__(self):
        self.modules = {}
        self.objects = {}
        self.messages = {}

    def module(self, parts):
        """An importable module; MISSING if there is none; UNKNOWN if importing it fails for another reason."""
        name = ".".join(parts)
        if name not in self.modules:
            self.modules[name] = self.import_module(name)
        return self.modules[name]

    def import_module(self, name):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            # A missing dependency says nothing about the name.
            is_own = error.name is not None and (name + ".").startswith(error.name + ".")
            return MISSING if is_own else UNKNOWN
        except ImportError as error:
            self.messages[tuple(name.split("."))] = str(error)
            return UNKNOWN
        except BaseException:
            return UNKNOWN

    def find(self, parts):
        """
        Looks a dotted name up.

        Returns the object and the number of parts that exist. The object is UNKNOWN where only running the program
        could tell.
        """
        parts = tuple(parts)
        if parts in self.objects:
            return self.objects[parts]
        result = self.look_up(parts)
        self.objects[parts] = result
        return result

    def look_up(self, parts):
        if len(parts) == 1:
            found = self.module(parts)
            return (MISSING, 0) if found is MISSING else (found, 1)
        parent, length = self.find(parts[:-1])
        if parent is MISSING or parent is UNKNOWN or length < len(parts) - 1:
            return parent, length
        if not isinstance(parent, (types.ModuleType, type)):
            return UNKNOWN, len(parts)
        try:
            return getattr(parent, parts[-1]), len(parts)
        except AttributeError as error:
            self.messages[parts] = str(error)
        except BaseException:
            return UNKNOWN, len(parts)
        if isinstance(parent, types.ModuleType):
            module = self.module(parts)
            if module is not MISSING:
                return module, len(parts)
        elif has_own_attributes(type(parent)):
            return UNKNOWN, len(parts)
        return MISSING, len(parts) - 1

    def exists(self, parts):
        return self.find(parts)[0] is not MISSING

    def class_made_by(self, parts):
        """The class of what a call returns; None if that is not known."""
        found = self.find(parts)[0]
        if isinstance(found, type):
            return found
        if not callable(found):
            return None
        root = parts[0]
        if parts[-1] in MODEL_MAKERS or is_application(found):
            prefix = (root, "keras", "Model") if root == "tensorflow" else (root, "Model")
            model = self.find(prefix)[0]
            return model if isinstance(model, type) else None
        return None


def is_application(found):
    module = getattr(inspect.unwrap(found), "__module__", "") or ""
    return ".applications." in module and inspect.isfunction(inspect.unwrap(found)) and found.__name__[:1].isupper()


def has_own_attributes(kind):
    """Whether looking an attribute up runs code, so that a failure is not the last word."""
    return "__getattr__" in {name for base in kind.__mro__ for name in vars(base)}
