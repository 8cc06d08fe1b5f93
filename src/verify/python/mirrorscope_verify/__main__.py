"""The entry point: reads the job, prepares TensorFlow once, then runs every script of the job."""
import os
import sys

PACKAGE_FOLDER = os.path.dirname(os.path.abspath(__file__))


def main(job_path):
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != PACKAGE_FOLDER]
    sys.path.insert(0, os.path.dirname(PACKAGE_FOLDER))
    from mirrorscope_verify import job as job_files
    from mirrorscope_verify.environment import prepare

    job = job_files.read_job(job_path)
    run_one = prepare(job)
    # User code must not be able to import modules from this package's folder.
    sys.path.remove(os.path.dirname(PACKAGE_FOLDER))
    results = []
    for script in job["scripts"]:
        results.append(run_one(script))
        job_files.write_results(job["results"], results)


if __name__ == "__main__":
    main(sys.argv[1])
