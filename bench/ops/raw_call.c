/* What one eager op costs in C: reset, two inputs, execute, delete. Prints microseconds a call.
 * Usage: raw_call FRAMEWORK_LIBRARY MAIN_LIBRARY CALLS */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void *library;
static void *function(const char *name) {
  void *found = dlsym(library, name);
  if (!found) found = dlsym(RTLD_DEFAULT, name);
  if (!found) { fprintf(stderr, "no %s\n", name); exit(1); }
  return found;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
  library = dlopen(argv[2], RTLD_NOW);
  if (!library) { fprintf(stderr, "%s\n", dlerror()); return 1; }
  int calls = atoi(argv[3]);
  void *(*new_status)(void) = function("TF_NewStatus");
  void *(*new_options)(void) = function("TFE_NewContextOptions");
  void *(*new_context)(void *, void *) = function("TFE_NewContext");
  void *(*new_op)(void *, const char *, void *) = function("TFE_NewOp");
  void (*reset)(void *, const char *, const char *, void *) = function("TFE_OpReset");
  void (*add_input)(void *, void *, void *) = function("TFE_OpAddInput");
  void (*execute)(void *, void **, int *, void *) = function("TFE_Execute");
  void *(*allocate)(int, const long *, int, size_t) = function("TF_AllocateTensor");
  void *(*new_handle)(void *, void *) = function("TFE_NewTensorHandle");
  void (*delete_handle)(void *) = function("TFE_DeleteTensorHandle");
  void *status = new_status();
  void *context = new_context(new_options(), status);
  long shape[] = {4};
  void *x = new_handle(allocate(1, shape, 1, 16), status);
  void *op = new_op(context, "AddV2", status);
  struct timespec start, end;
  for (int round = 0; round < 2; round++) {
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < calls; i++) {
      void *output = NULL;
      int count = 1;
      reset(op, "AddV2", NULL, status);
      add_input(op, x, status);
      add_input(op, x, status);
      execute(op, &output, &count, status);
      delete_handle(output);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
  }
  printf("%.3f\n", ((end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3) / calls);
  return 0;
}
