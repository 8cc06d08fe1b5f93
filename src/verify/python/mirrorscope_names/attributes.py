"""What attributes the objects of a class have, as far as the source of the class tells. Runs nothing of it."""
import ast
import functools
import inspect
import textwrap


@functools.lru_cache(maxsize=None)
def lacks_attribute(kind, name):
    """Whether no object of a class or of its subclasses can have an attribute, unless somebody else sets it."""
    # A constructor may return an object of a subclass, as that of `keras.Model` does.
    subclasses = type.__subclasses__(kind)
    if any(not lacks_attribute(subclass, name) for subclass in subclasses) \
            or makes_others(kind):
        return False
    if hasattr(kind, name):
        return False
    for base in kind.__mro__:
        if base is object:
            continue
        if "__getattr__" in vars(base) or "__getattribute__" in vars(base) or "__slots__" in vars(base):
            return False
        assigned = assigned_names(base)
        if assigned is None or name in assigned:
            return False
    return True


def makes_others(kind):
    """Whether a constructor never makes an object itself, so that all it returns are objects of other classes."""
    own = vars(kind).get("__new__")
    if own is None:
        return False
    try:
        return "__new__" not in inspect.getsource(own).split(":", 1)[1]
    except (OSError, TypeError, IndexError):
        return True


@functools.lru_cache(maxsize=None)
def assigned_names(kind):
    """The attributes that the methods of a class assign or name as texts; None if there is no source to read."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
    return names
