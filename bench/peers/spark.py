"""Spark's ALS on the local cores. Its executors are threads of a Java process, whose peak memory is told with it."""
import os
import shutil
import tempfile
import time

import numpy as np


def java_peak_mb():
    """The largest resident size that the Java processes below this one have had."""
    children, peak = {}, 0.0
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                children.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
        except OSError:
            pass  # it has ended meanwhile
    pending = [os.getpid()]
    while pending:
        for child in children.get(pending.pop(), []):
            pending.append(child)
            try:
                with open(f"/proc/{child}/status") as file:
                    status = file.read()
                if "Name:\tjava" in status:
                    peak = max(peak, int(status.split("VmHWM:")[1].split()[0]) / 1024)
            except OSError:
                pass
    return peak


def session(threads):
    from pyspark.sql import SparkSession
    spark = (SparkSession.builder.master(f"local[{threads}]").appName("bench")
             .config("spark.driver.memory", os.environ.get("SPARK_MEM", "12g"))
             .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
             .config("spark.ui.enabled", "false").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def factors(frame, rows, rank):
    """The factors of a fitted model as an array; rows without ratings are zero."""
    import pyarrow.parquet as parquet
    scratch = tempfile.mkdtemp()
    try:
        frame.write.mode("overwrite").parquet(scratch)
        table = parquet.read_table(scratch).combine_chunks()
    finally:
        shutil.rmtree(scratch)
    values = table["features"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    matrix = np.zeros((rows, rank), np.float32)
    matrix[table["id"].to_numpy() - 1] = values.reshape(-1, rank)
    return matrix


def fit(a, counts, shape, error, tell, threads):
    import pyspark
    from pyspark.ml.recommendation import ALS
    from pyspark.sql import functions
    spark = session(threads)
    # Without checkpoints the lineage of 20 iterations and more overflows Java's stack.
    checkpoints = tempfile.mkdtemp()
    spark.sparkContext.setCheckpointDir(checkpoints)
    start = time.perf_counter()
    frame = spark.read.csv(f"{a.data}.train.tsv", sep="\t", schema="user int, item int, rating float")
    if a.mode == "implicit":
        frame = frame.withColumn("rating", functions.lit(1.0).cast("float"))
    frame = frame.cache()
    frame.count()
    tell("loaded", seconds=time.perf_counter() - start)
    # The first fit is slow while Java compiles: it does not count.
    for is_warm, count in [(False, 1), *((True, count) for count in counts)]:
        als = ALS(rank=a.rank, maxIter=count, regParam=a.regularization, implicitPrefs=a.mode == "implicit",
                  alpha=a.alpha, userCol="user", itemCol="item", ratingCol="rating", seed=a.seed, checkpointInterval=10)
        start = time.perf_counter()
        model = als.fit(frame)
        seconds = time.perf_counter() - start
        if not is_warm:
            tell("warmup", seconds=seconds)
            continue
        found = {}
        if not a.no_error:
            found = error(factors(model.userFactors, shape[0], a.rank), factors(model.itemFactors, shape[1], a.rank))
        tell("fit", iterations=count, seconds=seconds, **found)
        tell("memory", java_peak_mb=java_peak_mb())
    spark.stop()
    shutil.rmtree(checkpoints, ignore_errors=True)
    return pyspark.__version__
