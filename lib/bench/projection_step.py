"""scikit-learn's t-SNE and umap-learn as sides of the benchmark: a step projects once.

The argument is a task as JSON: {"method", "count", "threads", "input", "output"}. `input` is a file of
float32 rows of 64 columns, of which the first `count` are projected; their positions go to `output`.
"""

import json
import sys
import warnings

import numpy

from serve_steps import be_first_to_go, serve_steps

COLUMNS = 64


def tsne(points, threads, **options):
    from sklearn.manifold import TSNE

    settings = {"perplexity": 30, "n_iter": 1000, **options}
    return TSNE(
        method="barnes_hut",
        init="pca",
        learning_rate="auto",
        n_jobs=threads,
        random_state=0,
        **settings,
    ).fit_transform(points)


def umap(points, threads, **options):
    import umap

    return umap.UMAP(
        n_neighbors=15, min_dist=0.1, random_state=0, n_jobs=threads, **options
    ).fit_transform(points)


METHODS = {
    "tsne": (tsne, {"n_iter": 250}),
    "umap": (umap, {"n_epochs": 10}),
}


def make_step(method, count, threads, input, output):
    points = numpy.fromfile(input, dtype="<f4").reshape(-1, COLUMNS)[:count].copy()
    project, little = METHODS[method]
    # Compiles what is compiled when it is first used. From 4,096 points on umap-learn uses other code.
    project(points[: min(count, 4200 if method == "umap" else 300)], threads, **little)

    def step():
        positions = numpy.ascontiguousarray(project(points, threads), dtype="<f4")
        positions.tofile(output)

    return step


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    be_first_to_go()
    task = json.loads(sys.argv[1])
    serve_steps(lambda: make_step(**task))
