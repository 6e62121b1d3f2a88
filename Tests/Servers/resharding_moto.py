"""moto's server, with Kinesis streams whose shards are split and merged as Amazon's are: what a closed shard holds stays in it, and
what comes later goes to its children. moto 5.2 moves the records, and goes on to write into the closed shard."""

import sys

import moto.kinesis.models as models
from moto.server import main

any_shard_for_key = models.Stream.get_shard_for_key


def open_shard_for_key(stream, partition_key, explicit_hash_key):
    shards = stream.shards
    stream.shards = {name: shard for name, shard in shards.items() if shard.is_open}
    try:
        return any_shard_for_key(stream, partition_key, explicit_hash_key)
    finally:
        stream.shards = shards


def keeping_records(reshard):
    def resharding(stream, *arguments, **named):
        records = {name: shard.records for name, shard in stream.shards.items()}
        stream.put_record = lambda *_: None
        try:
            reshard(stream, *arguments, **named)
        finally:
            del stream.put_record
            for name, kept in records.items():
                stream.shards[name].records = kept

    return resharding


models.Stream.get_shard_for_key = open_shard_for_key
models.Stream.split_shard = keeping_records(models.Stream.split_shard)
models.Stream.merge_shards = keeping_records(models.Stream.merge_shards)
sys.exit(main(sys.argv[1:]))
