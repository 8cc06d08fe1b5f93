"""The LibCST side of the bench: finds what mirrorscope looks for, changes nothing."""
import libcst as cst
import libcst.matchers as m
from libcst.codemod import VisitorBasedCodemodCommand

NAMES = ("multi_gpu_model", "fit_generator", "evaluate_generator", "predict_generator", "experimental_run_v2")


class FindCalls(VisitorBasedCodemodCommand):
    DESCRIPTION = "Finds calls of legacy Keras functions."

    def visit_Call(self, node: cst.Call) -> None:
        for name in NAMES:
            if m.matches(node.func, m.Name(name) | m.Attribute(attr=m.Name(name))):
                self.context.scratch.setdefault("found", []).append(node)

    def visit_Arg(self, node: cst.Arg) -> None:
        if m.matches(node, m.Arg(keyword=m.Name("lr"))):
            self.context.scratch.setdefault("found", []).append(node)
