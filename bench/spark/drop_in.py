#!/usr/bin/env python3
"""A program as people write it for Spark's ALS: reads a CSV, splits it, trains, evaluates, cross-validates, recommends. The estimator
is the only thing that --als changes. Prints one JSON document.

    bench/spark/drop_in.py --als spark ratings.csv
    bench/spark/drop_in.py --als gpuals ratings.csv
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ratings", help="user, item, rating by tabs or commas, without a header")
    parser.add_argument("--als", choices=["spark", "gpuals"], required=True)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--separator", default="\t")
    parser.add_argument("--rank", type=int, default=10)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--folds", type=int, default=0, help="of the cross-validation; 0: none")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    if options.als == "spark":
        from pyspark.ml.recommendation import ALS
    else:
        from gpuals.spark import ALS

    spark = (
        SparkSession.builder.master(options.master)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.memory", "3g")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    ratings = spark.read.csv(options.ratings, sep=options.separator, inferSchema=True)
    ratings = ratings.toDF(*["user", "item", "rating", "time"][: len(ratings.columns)])
    training, test = ratings.randomSplit([0.8, 0.2], seed=1)
    training.cache().count()
    test.cache().count()

    als = ALS(
        rank=options.rank,
        maxIter=options.iterations,
        regParam=0.1,
        userCol="user",
        itemCol="item",
        ratingCol="rating",
        coldStartStrategy="drop",
        seed=1,
    )
    evaluator = RegressionEvaluator(metricName="rmse", labelCol="rating", predictionCol="prediction")
    # Twice: the first time starts Spark's processes and compiles kernels.
    seconds = []
    for _ in range(2):
        began = time.monotonic()
        model = als.fit(training)
        seconds.append(round(time.monotonic() - began, 2))
    result = {
        "als": options.als,
        "ratings": training.count(),
        "rmse": evaluator.evaluate(model.transform(test)),
        "seconds_of_fit": seconds,
    }
    if options.folds:
        grid = ParamGridBuilder().addGrid(als.rank, [options.rank]).addGrid(als.regParam, [0.05, 0.1, 0.5]).build()
        validator = CrossValidator(
            estimator=als, estimatorParamMaps=grid, evaluator=evaluator, numFolds=options.folds, seed=1
        )
        began = time.monotonic()
        found = validator.fit(training)
        result["seconds_of_cross_validation"] = round(time.monotonic() - began, 2)
        result["cross_validation_rmse"] = found.avgMetrics
        model = found.bestModel
    began = time.monotonic()
    result["recommended"] = model.recommendForAllUsers(10).count()
    result["seconds_of_recommendation"] = round(time.monotonic() - began, 2)
    spark.stop()
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
