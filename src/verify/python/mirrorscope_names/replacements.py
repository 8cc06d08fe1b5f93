"""Finds what replaces a name that does not exist: asks the installed packages, then a small table."""
from mirrorscope_names.installed import MISSING, UNKNOWN
from mirrorscope_names.replacements_table import METHODS, PUBLIC_MODULES


def replacement_of(parts, installed):
    """What to use instead of a dotted name, as text; None if that is not known."""
    return of_tensorflow(parts, installed) or of_public_module(parts, installed) or METHODS.get(parts[-1])


def of_tensorflow(parts, installed):
    """TensorFlow keeps the old names under ``compat.v1``, and each function there knows its present names."""
    if parts[0] != "tensorflow" or parts[1:3] == ("compat", "v1") or parts[1:2] == ("keras",):
        return None
    old = ("tensorflow", "compat", "v1") + tuple(parts[1:])
    found = installed.find(old)[0]
    if found is MISSING or found is UNKNOWN:
        return None
    for name in getattr(found, "_tf_api_names", ()) or ():
        if installed.exists(("tensorflow",) + tuple(name.split("."))):
            return "tf." + name
    return "tf.compat.v1." + ".".join(parts[1:])


def of_public_module(parts, installed):
    """The same name in another module of the same package."""
    root = keras_root(parts)
    if root is None:
        return None
    for module in PUBLIC_MODULES:
        candidate = root + module + (parts[-1],)
        if candidate != tuple(parts) and installed.exists(candidate):
            found = installed.find(candidate)[0]
            if found is not UNKNOWN:
                return ".".join(candidate)
    return None


def keras_root(parts):
    if parts[0] in ("keras", "tf_keras"):
        return (parts[0],)
    return ("tensorflow", "keras") if tuple(parts[:2]) == ("tensorflow", "keras") else None
