"""The places at which a program uses what a package exports. Reads syntax trees; runs nothing.

A *use* is a dotted name such as ``tensorflow.keras.layers.Dense``, or a call of one with its keywords.
"""
import ast
import builtins

from mirrorscope_names.scopes import AMBIGUOUS, scope_of
from mirrorscope_names.use import Alternatives, MethodUse, StarUse, Use

#: Handlers for these catch a name that does not exist.
CATCHES_MISSING = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}

#: Names that the environment provides, or that Python 2 had.
NOT_IMPORTED = {"get_ipython", "display", "long", "unicode", "xrange", "raw_input", "basestring", "reduce", "unichr",
                "file", "execfile", "reload", "cmp"}

#: A condition on one of these decides which version or backend the code below is for.
DECIDES_VERSION = ("version", "hasattr", "backend", "TF2", "tf2", "V2", "executing_eagerly", "TYPE_CHECKING",
                   "find_spec", "is_available")


class UseFinder(ast.NodeVisitor):
    """Collects the uses of a module, in source order."""

    def __init__(self, tree, roots):
        self.roots = roots
        self.found = []
        #: Dotted names that the program assigns to: what is there is its own.
        self.patched = set()
        #: The names of all attributes that the program sets on any object.
        self.stored = {node.attr for node in ast.walk(tree)
                       if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)}
        self.scope = scope_of(tree)
        self.stars = self.star_modules(tree)
        self.classes = []
        self.visit_body(tree.body)

    def star_modules(self, tree):
        """The modules whose names all are imported; nothing if one of them is not installed with the packages."""
        modules = []
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                module = (node.module or "").split(".")
                if node.level or module[0] not in self.roots:
                    return []
                modules.append(tuple(module))
        return modules

    # Statements that decide whether others run

    def visit_body(self, body):
        for statement in body:
            self.visit(statement)

    def visit_Try(self, node):
        catches = any(catches_missing(handler) for handler in node.handlers)
        if not catches:
            self.generic_visit(node)
            return
        tried = self.collect(node.body)
        otherwise = self.collect([s for handler in node.handlers for s in handler.body])
        self.found.append(Alternatives(tried, otherwise))
        self.visit_body(node.orelse)
        self.visit_body(node.finalbody)

    visit_TryStar = visit_Try

    def collect(self, body):
        outer, self.found = self.found, []
        self.visit_body(body)
        inner, self.found = self.found, outer
        return inner

    def visit_With(self, node):
        # A test expects what is in it to fail.
        if any("raises" in name.lower() for item in node.items for name in names_in(item.context_expr)):
            return
        self.generic_visit(node)

    def visit_If(self, node):
        if decides_version(node.test):
            return
        if isinstance(node.test, ast.Constant) and not node.test.value:
            self.visit_body(node.orelse)
            return
        self.generic_visit(node)

    def visit_IfExp(self, node):
        if not decides_version(node.test):
            self.generic_visit(node)

    def visit_BoolOp(self, node):
        if not decides_version(node):
            self.generic_visit(node)

    # Scopes

    def in_scope(self, node, visit):
        outer, self.scope = self.scope, self.scope.child_of(node)
        visit()
        self.scope = outer

    def visit_FunctionDef(self, node):
        for part in node.decorator_list + node.args.defaults + [d for d in node.args.kw_defaults if d]:
            self.visit(part)
        self.in_scope(node, lambda: self.visit_body(node.body))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.in_scope(node, lambda: self.visit(node.body))

    def visit_ClassDef(self, node):
        for part in node.decorator_list + node.bases + [k.value for k in node.keywords]:
            self.visit(part)
        self.classes.append(node)
        self.in_scope(node, lambda: self.visit_body(node.body))
        self.classes.pop()

    def visit_comprehension_like(self, node):
        self.in_scope(node, lambda: ast.NodeVisitor.generic_visit(self, node))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_like

    # Uses

    def visit_Import(self, node):
        for alias in node.names:
            self.add_import(Use(alias if hasattr(alias, "lineno") else node, alias.name.split("."), "module"))

    def visit_ImportFrom(self, node):
        if node.level or not node.module:
            return
        module = node.module.split(".")
        for alias in node.names:
            where = alias if hasattr(alias, "lineno") else node
            if alias.name == "*":
                use = Use(node, module, "module")
            else:
                use = Use(where, module + [alias.name], "import")
                use.module_length = len(module)
            self.add_import(use)

    def add_import(self, use):
        if use.parts[0] in self.roots:
            self.found.append(use)

    def visit_Call(self, node):
        use = self.visit_reference(node.func)
        if use is not None:
            use.call = node
        for part in node.args + [k.value for k in node.keywords]:
            self.visit(part)

    def visit_Attribute(self, node):
        self.visit_reference(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.visit_reference(node)

    def visit_Assign(self, node):
        self.note_patches(node.targets)
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        self.note_patches([node.target])
        self.generic_visit(node)

    def note_patches(self, targets):
        for target in targets:
            parts = self.resolve(target) if isinstance(target, ast.Attribute) else None
            if parts:
                self.patched.add(tuple(parts))

    def visit_reference(self, node):
        """Adds the use that a name or an attribute is."""
        if isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            if isinstance(node, ast.Attribute):
                self.visit(node.value)
            return None
        parts = self.resolve(node)
        if parts is not None:
            if parts[0] not in self.roots:
                return None
            use = Use(node, parts, "attribute")
            self.found.append(use)
            return use
        if isinstance(node, ast.Name):
            return self.star_use(node)
        if not isinstance(node, ast.Attribute):
            self.visit(node)
            return None
        makers = self.makers_of(node.value)
        self.visit(node.value)
        if not makers:
            return None
        use = MethodUse(node, makers, node.attr)
        self.found.append(use)
        return use

    def star_use(self, node):
        if not self.stars or self.scope.owner_of(node.id) is not None or hasattr(builtins, node.id) \
                or node.id in NOT_IMPORTED:
            return None
        use = StarUse(node, node.id, self.stars)
        self.found.append(use)
        return use

    def resolve(self, node):
        """The dotted name of an expression, if all that it may be is one import."""
        names = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        origin = self.scope.import_of(node.id)
        if origin is None or origin is AMBIGUOUS:
            return None
        return list(origin) + names[::-1]

    def makers_of(self, node):
        """What may have made the object that an expression is: dotted names; nothing unless all are known."""
        if isinstance(node, ast.Call):
            parts = self.resolve(node.func)
            return [tuple(parts)] if parts and parts[0] in self.roots else []
        if isinstance(node, ast.Name):
            values = self.scope.values_of(node.id)
        elif isinstance(node, ast.Attribute) and is_self(node.value) and self.classes:
            values = attribute_values(self.classes[-1], node.attr)
        else:
            return []
        makers = []
        for value in values or []:
            if not isinstance(value, ast.Call):
                return []
            own = self.makers_of(value)
            if not own:
                return []
            makers += own
        return makers


def attribute_values(class_node, name):
    """What the methods of a class assign to an attribute of ``self``; nothing if they also change it in other ways."""
    inside = list(ast.walk(class_node))
    stores = [node for node in inside
              if isinstance(node, ast.Attribute) and node.attr == name and not isinstance(node.ctx, ast.Load)]
    values = [node.value for node in inside if isinstance(node, ast.Assign)
              for target in node.targets if target in stores and is_self(target.value)]
    return values if len(values) == len(stores) else []


def is_self(node):
    return isinstance(node, ast.Name) and node.id == "self"


def catches_missing(handler):
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in CATCHES_MISSING for kind in types)


def names_in(node):
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr


def decides_version(test):
    return any(word in name for name in names_in(test) for word in DECIDES_VERSION)
