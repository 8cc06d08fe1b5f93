"""Checks the uses of a program against the installed packages."""
import inspect
import re

from mirrorscope_names.arguments import rejected_keywords, takes_fewer
from mirrorscope_names.attributes import lacks_attribute
from mirrorscope_names.installed import MISSING, MODEL_MAKERS, UNKNOWN
from mirrorscope_names.replacements import replacement_of
from mirrorscope_names.replacements_table import ARGUMENTS, METHODS
from mirrorscope_names.use import Alternatives, MethodUse, StarUse, Use


#: What is in there depends on the backend.
KERAS_BACKEND = ("keras", "src", "backend")


class Failure:
    """One use that fails when it runs."""

    def __init__(self, node, name, message, is_import=False):
        self.node = node
        self.name = name
        self.message = message
        self.is_import = is_import


class Own:
    """What a program provides itself."""

    def __init__(self, names, stored):
        #: Dotted names that it sets, or of which it knows that they may be missing.
        self.names = names
        #: Attributes that it sets on objects.
        self.stored = stored


def guarded_names(found):
    """The names that a ``try`` imports whose handler imports nothing in their place."""
    names = set()
    for use in found:
        if isinstance(use, Alternatives):
            names |= {inner.parts for inner in use.tried
                      if isinstance(inner, Use) and inner.kind != "attribute"} | guarded_names(use.tried)
    return names


class Checker:
    """Checks uses, one program file after another."""

    def __init__(self, installed):
        self.installed = installed

    def failures(self, finder):
        """The failures among the uses of one file, each place once."""
        failures = []
        places = set()
        own = Own(finder.patched | guarded_names(finder.found), finder.stored)
        for failure in self.all_failures(finder.found, own):
            place = (failure.node.lineno, failure.node.col_offset, failure.name)
            if place not in places:
                places.add(place)
                failures.append(failure)
        return failures

    def all_failures(self, found, own):
        for use in found:
            if isinstance(use, Alternatives):
                # What the first block lacks is caught. The handler only runs if something is missing.
                if any(failure.is_import for failure in self.all_failures(use.tried, Own(set(), own.stored))):
                    yield from self.all_failures(use.otherwise, own)
            elif isinstance(use, MethodUse):
                yield from self.method_failures(use, own)
            elif isinstance(use, StarUse):
                yield from self.star_failures(use)
            else:
                yield from self.name_failures(use, own)

    def name_failures(self, use, own):
        if any(use.parts[:length] in own.names for length in range(2, len(use.parts) + 1)):
            return
        if use.parts[:3] == KERAS_BACKEND:
            return
        is_import = use.kind != "attribute"
        if is_import:
            module = use.parts[:use.module_length] if use.kind == "import" else use.parts
            missing = self.missing_module(module)
            if missing is not None:
                yield Failure(use.node, ".".join(missing), self.absent(missing, use.parts, True), True)
                return
        found, length = self.installed.find(use.parts)
        if found is MISSING:
            missing = use.parts[:length + 1]
            if self.is_installed(missing[0]):
                yield Failure(use.node, ".".join(missing), self.absent(missing, use.parts, is_import), is_import)
            return
        if found is not UNKNOWN:
            yield from self.call_failures(use, found, ".".join(use.parts))

    def missing_module(self, parts):
        """The beginning of the name of a module that cannot be imported."""
        for length in range(1, len(parts) + 1):
            found = self.installed.module(parts[:length])
            if found is MISSING:
                # A module may be an attribute of another one only.
                return None if self.installed.module(parts) not in (MISSING, UNKNOWN) else parts[:length]
            if found is UNKNOWN:
                return None
        return None

    def star_failures(self, use):
        owners = []
        for module in use.modules:
            found = self.installed.module(module)
            if found is MISSING or found is UNKNOWN:
                return
            if use.name in vars(found) and use.name in getattr(found, "__all__", [use.name]):
                owners.append(vars(found)[use.name])
        if owners:
            yield from self.call_failures(use, owners[-1], use.name)
            return
        modules = " and ".join(sorted({".".join(module) for module in use.modules}))
        yield Failure(use.node, use.name, "No import brings `%s`: %s does not export it." % (use.name, modules), True)

    def method_failures(self, use, own):
        """An attribute that no object can have which the variable may stand for."""
        if use.attribute in own.stored:
            return
        if any(maker[-1] in MODEL_MAKERS for maker in use.makers) and use.attribute not in METHODS:
            return
        kinds = [self.installed.class_made_by(maker) for maker in use.makers]
        if None in kinds:
            return
        if all(lacks_attribute(kind, use.attribute) for kind in kinds):
            name = "%s.%s" % (kinds[0].__name__, use.attribute)
            yield Failure(use.node, name, sentence(
                "Objects of %s have no `%s`" % (self.described(kinds[0], use.makers[0]), use.attribute),
                METHODS.get(use.attribute)))
            return
        if use.call is not None and len(set(kinds)) == 1:
            method = inspect.getattr_static(kinds[0], use.attribute, None)
            if inspect.isfunction(method):
                yield from self.call_failures(use, method, "%s.%s" % (kinds[0].__name__, use.attribute), 1)

    def call_failures(self, use, target, name, bound=0):
        call = use.call
        if call is None or not callable(target):
            return
        keywords = {k.arg: k for k in call.keywords if k.arg is not None}
        try:
            rejected = rejected_keywords(target, list(keywords))
            stars = any(type(argument).__name__ == "Starred" for argument in call.args)
            most = None if stars or isinstance(target, type) else takes_fewer(target, len(call.args) + bound)
        except Exception:
            return
        for keyword in rejected:
            node = keywords[keyword] if hasattr(keywords[keyword], "lineno") else call
            yield Failure(node, "%s(%s=)" % (name, keyword), sentence(
                "`%s` takes no argument `%s`" % (name, keyword), ARGUMENTS.get(keyword)))
        if most is not None:
            yield Failure(call, name + "()", "`%s` takes at most %d positional arguments, and this call has %d."
                          % (name, most - bound, len(call.args)))

    def is_installed(self, root):
        return self.installed.module((root,)) not in (MISSING, UNKNOWN)

    def absent(self, missing, parts, is_import):
        missing = tuple(missing)
        name = ".".join(missing)
        if len(missing) == 1:
            return "%s is not installed." % name
        # An attribute of something that is missing may be anything; a class or an import is meant to be that class.
        whole = tuple(parts) if is_import or parts[-1][:1].isupper() else tuple(missing)
        return sentence("%s has no `%s`" % (self.package(missing), name), self.advice_of_numpy(missing)
                        or replacement_of(whole, self.installed) or replacement_of(missing, self.installed))

    def advice_of_numpy(self, parts):
        """What NumPy itself says to use, in the message of its exception."""
        own = self.installed.messages.get(tuple(parts), "") if parts[0] == "numpy" else ""
        advice = re.search(r"[Uu]se `([^`]+)`", own)
        return None if advice is None else advice.group(1)

    def package(self, parts):
        names = {"tensorflow": "TensorFlow", "keras": "Keras", "tf_keras": "tf_keras", "numpy": "NumPy"}
        if tuple(parts[:2]) == ("tensorflow", "keras"):
            return "Keras %s" % self.keras_version()
        return "%s %s" % (names.get(parts[0], parts[0]), self.version(parts[0]))

    def keras_version(self):
        found = self.installed.find(("tensorflow", "keras", "__version__"))[0]
        return found if isinstance(found, str) else self.version("tensorflow")

    def version(self, root):
        return getattr(self.installed.module((root,)), "__version__", "")

    def described(self, kind, maker):
        return "%s (%s)" % (kind.__name__, self.package(maker))


def sentence(text, replacement):
    return "%s." % text if replacement is None else "%s. Use %s." % (text, replacement)
