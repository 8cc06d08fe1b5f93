"""What a program uses of a package: the kinds of uses. Data only."""


class Use:
    """One use of a dotted name."""

    def __init__(self, node, parts, kind):
        self.node = node
        #: The names, root first. The root is a module.
        self.parts = tuple(parts)
        #: "module" for an imported module, "import" for a name that is imported from one, otherwise "attribute".
        self.kind = kind
        #: The call, where the name is called.
        self.call = None
        #: How many of the parts name the module of a ``from`` import.
        self.module_length = 0


class Alternatives:
    """A ``try`` whose handler takes over when a name does not exist."""

    def __init__(self, tried, otherwise):
        self.tried = tried
        self.otherwise = otherwise


class MethodUse:
    """An attribute of the object that a call returns."""

    def __init__(self, node, makers, attribute):
        self.node = node
        #: The dotted names of what may have made the object; one of them did.
        self.makers = tuple(makers)
        self.attribute = attribute
        self.call = None


class StarUse:
    """A name that nothing binds, in a module that imports all names of others."""

    def __init__(self, node, name, modules):
        self.node = node
        self.name = name
        self.modules = modules
        self.call = None
