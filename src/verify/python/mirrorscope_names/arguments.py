"""Whether a function takes the arguments that a call gives it. Reads signatures and sources; calls nothing."""
import ast
import functools
import inspect
import textwrap

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def rejected_keywords(target, keywords):
    """The keywords that a class, a function or a method rejects."""
    accepted = accepted_keywords(target)
    return [] if accepted is None else [name for name in keywords if name not in accepted]


def takes_fewer(target, count):
    """How many positional arguments a function takes, if these are fewer than a call gives."""
    signature = signature_of(target)
    if signature is None or any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values()):
        return None
    most = sum(p.kind in POSITIONAL for p in signature.parameters.values())
    return most if most < count else None


@functools.lru_cache(maxsize=None)
def accepted_keywords(target):
    """All keywords that are accepted; None if that cannot be told."""
    if isinstance(target, type):
        return accepted_by_class(target)
    signature = signature_of(target)
    if signature is None or any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        return None
    return named(signature) | taken_by_wrappers(target)


def accepted_by_class(kind):
    """Follows ``**kwargs`` from one constructor to the next, up to the one that rejects what is left."""
    if type(kind).__call__ is not type.__call__:
        return None
    accepted = set()
    for base in kind.__mro__:
        if base is not object and "__new__" in vars(base) and not forwards_all(vars(base)["__new__"]):
            return None
        if "__init__" not in vars(base):
            continue
        constructor = vars(base)["__init__"]
        if base is object:
            return accepted
        signature = signature_of(constructor)
        if signature is None:
            return None
        accepted |= named(signature) | taken_by_wrappers(constructor)
        variable = next((p.name for p in signature.parameters.values() if p.kind is p.VAR_KEYWORD), None)
        if variable is None:
            return accepted
        body = body_of(constructor)
        if body is None:
            return None
        accepted |= {node.value for node in ast.walk(body)
                     if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        if rejects_rest(body, variable):
            return accepted
        if not passes_on(body, variable):
            return None
    return None


def forwards_all(method):
    function = getattr(method, "__func__", method)
    signature = signature_of(function) if inspect.isfunction(function) else None
    return signature is not None and any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())


def named(signature):
    return {p.name for p in signature.parameters.values() if p.kind in NAMED}


def signature_of(target):
    try:
        return inspect.signature(target)
    except (TypeError, ValueError):
        return None


def body_of(function):
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None


def taken_by_wrappers(function):
    """The texts in the decorators of a function: they may be keywords that it never sees."""
    texts = set()
    while hasattr(function, "__wrapped__"):
        texts |= {constant for constant in function.__code__.co_consts if isinstance(constant, str)} \
            if hasattr(function, "__code__") else set()
        function = function.__wrapped__
    return texts


def rejects_rest(body, variable):
    """Whether a constructor raises for the keywords that are left, or hands them to a function that does."""
    for node in ast.walk(body):
        if isinstance(node, ast.If) and mentions(node.test, variable) \
                and any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "validate_kwargs":
            return True
    return False


def passes_on(body, variable):
    """Whether the only use of the keywords is the constructor of the base class."""
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call)
             and any(k.arg is None and mentions(k.value, variable) for k in node.keywords)]
    return len(calls) == 1 and isinstance(calls[0].func, ast.Attribute) and calls[0].func.attr == "__init__" \
        and isinstance(calls[0].func.value, ast.Call) and getattr(calls[0].func.value.func, "id", "") == "super"


def mentions(node, name):
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))
