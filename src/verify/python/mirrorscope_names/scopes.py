"""What the names of a program stand for, scope by scope. Reads syntax trees; runs nothing."""
import ast

#: A name that several statements bind to different things.
AMBIGUOUS = object()

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
          ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Scope:
    """The bindings of a module, class, function or comprehension."""

    def __init__(self, parent, is_class):
        self.parent = parent
        self.is_class = is_class
        #: By name: dotted names of imports as tuples, and None for every other binding.
        self.bindings = {}
        #: By name: the values that assignments give it, and None for every other binding.
        self.values = {}
        self.outer_names = set()
        self.children = {}
        self.has_star = False

    def child_of(self, node):
        return self.children[node]

    def bind(self, name, origin=None, value=None):
        target = self
        if name in self.outer_names:
            while target.parent is not None and (target is self or target.is_class or name not in target.bindings):
                target = target.parent
        target.bindings.setdefault(name, []).append(origin)
        target.values.setdefault(name, []).append(value)

    def owner_of(self, name):
        scope = self
        while scope is not None:
            if name in scope.bindings and (scope is self or not scope.is_class):
                return scope
            scope = scope.parent
        return None

    def import_of(self, name):
        """The dotted name that a name is imported as; AMBIGUOUS for several; None for anything else."""
        owner = self.owner_of(name)
        if owner is None:
            return None
        origins = set(owner.bindings[name])
        if None in origins:
            return None
        return origins.pop() if len(origins) == 1 else AMBIGUOUS

    def values_of(self, name):
        """All values that a name may have; None if some are not known."""
        owner = self.owner_of(name)
        if owner is None or None in owner.values[name]:
            return None
        return owner.values[name]


def scope_of(tree):
    """The scope of a module, with those inside it."""
    module = Scope(None, False)
    Binder(module).visit_all(tree.body)
    return module


class Binder(ast.NodeVisitor):
    """Collects the bindings of one scope, and makes the scopes inside it."""

    def __init__(self, scope):
        self.scope = scope

    def visit_all(self, nodes):
        # ``global`` and ``nonlocal`` hold for the whole scope.
        for node in nodes:
            for inner in own_nodes(node):
                if isinstance(inner, (ast.Global, ast.Nonlocal)):
                    self.scope.outer_names.update(inner.names)
        for node in nodes:
            self.visit(node)

    def inside(self, node, body, arguments=None):
        child = Scope(self.scope, isinstance(node, ast.ClassDef))
        self.scope.children[node] = child
        binder = Binder(child)
        if arguments is not None:
            every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs + [arguments.vararg, arguments.kwarg]
            for argument in every:
                if argument is not None:
                    child.bind(argument.arg)
        binder.visit_all(body)

    def visit_FunctionDef(self, node):
        self.scope.bind(node.name)
        for part in node.decorator_list + node.args.defaults + [d for d in node.args.kw_defaults if d]:
            self.visit(part)
        self.inside(node, node.body, node.args)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        for part in node.args.defaults + [d for d in node.args.kw_defaults if d]:
            self.visit(part)
        self.inside(node, [node.body], node.args)

    def visit_ClassDef(self, node):
        self.scope.bind(node.name)
        for part in node.decorator_list + node.bases + [k.value for k in node.keywords]:
            self.visit(part)
        self.inside(node, node.body)

    def visit_comprehension_like(self, node):
        child = Scope(self.scope, False)
        self.scope.children[node] = child
        Binder(child).generic_visit(node)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_like

    def visit_Import(self, node):
        for alias in node.names:
            parts = alias.name.split(".")
            if alias.asname:
                self.scope.bind(alias.asname, tuple(parts))
            else:
                self.scope.bind(parts[0], (parts[0],))

    def visit_ImportFrom(self, node):
        for alias in node.names:
            if alias.name == "*":
                self.scope.has_star = True
            else:
                own = not node.level and node.module
                self.scope.bind(alias.asname or alias.name,
                                tuple(node.module.split(".") + [alias.name]) if own else None)

    def visit_Assign(self, node):
        self.visit(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scope.bind(target.id, None, node.value)
            else:
                self.visit(target)

    def visit_AnnAssign(self, node):
        if isinstance(node.target, ast.Name) and node.value is not None:
            self.visit(node.value)
            self.scope.bind(node.target.id, None, node.value)
        else:
            self.generic_visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, (ast.Store, ast.Del)):
            self.scope.bind(node.id)

    def visit_ExceptHandler(self, node):
        if node.name:
            self.scope.bind(node.name)
        self.generic_visit(node)

    def generic_visit(self, node):
        # Patterns of ``match`` bind names as texts.
        for field in ("name", "rest"):
            if type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping") and getattr(node, field, None):
                self.scope.bind(getattr(node, field))
        ast.NodeVisitor.generic_visit(self, node)


def own_nodes(node):
    """A statement and what is in it, without the scopes inside."""
    yield node
    if not isinstance(node, SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from own_nodes(child)
