#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the commands of documents, in mount, network and process namespaces of its own, so that
# /srv, /etc/millrace, /var/lib/millrace and the default ports are there as the documents have them.
#
# Usage: documents.sh SCRATCH LAYOUT PROJECT DOCUMENT...
# SCRATCH/DOCUMENT/steps has NUMBER.sh for each command. Beside it come NUMBER.out, .err and .rc.
# The document 'README' runs in a copy of the source tree with the service of ./build run; the others
# run with a service of SCRATCH/millrace.yaml. Exit code 77: namespaces cannot be made here.
set -euo pipefail
scratch=$1 layout=$2 project=$3
shift 3

skip() {
    echo "$*" >&2
    exit 77
}

prepare_system() {
    ip link set lo up || skip 'no loopback interface'
    for directory in /run /var/lib /var/tmp; do
        mount -t tmpfs -o mode=755 tmpfs "$directory" || skip "cannot mount on $directory"
    done
    mkdir -p /run/etc/upper /run/etc/work "$scratch/srv"
    mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work overlay /etc ||
        skip 'cannot mount an overlay on /etc'
    mount --bind "$scratch/srv" /srv || skip 'cannot mount on /srv'
}

# Files of the examples. Most lines are short, as a worker that counts lines likes it.
prepare_files() {
    mkdir -p /srv/backups /srv/db/index /srv/logs /srv/wal/ready
    head -c 6M /dev/urandom | base64 >/srv/backups/base.tar
    head -c 2M /dev/urandom >/srv/backups/db.dump
    head -c 200k /dev/urandom >/srv/backups/notes.txt
    head -c 4M /dev/urandom >/srv/db/table.ibd
    head -c 1M /dev/urandom >/srv/db/index/part.ibd
    head -c 100k /dev/urandom | base64 >/srv/logs/app.log
}

# Not before the README, which says what happens on a machine where nothing is installed.
prepare_installation() {
    mkdir -p /etc/millrace
    cp -r "$project/config/workers" /etc/millrace/
    cp "$scratch/millrace.yaml" /etc/millrace/
}

# The service of a source tree, with a smaller file.
prepare_tree() {
    tree=$scratch/tree
    mkdir -p "$tree/target/run/pool" "$tree/target/run/big" "$tree/target/millrace"
    # Not a link: the program finds the tree by its own place.
    mount --bind "$layout" "$tree/target/millrace"
    cp -r "$project/config" "$tree/"
    head -c 16M /dev/urandom >"$tree/target/run/big/random-1GiB"
}

# The machine may be busy: no scan is to yield for good.
without_yielding() {
    sed -i 's/,* *yield-above: { io-pressure: 20% }//' "$1"
}

# Starts a program in a directory with a configuration, and waits for lines of its log.
serve() {
    local program=$1 directory=$2 configuration=$3 log=$scratch/log deadline=$((SECONDS + 120)) line
    shift 3
    without_yielding "$directory/$configuration"
    (cd "$directory" && exec "$program" serve --config "$configuration") >"$log" 2>&1 &
    service=$!
    for line; do
        until grep -q "$line" "$log"; do
            ((SECONDS < deadline)) && kill -0 "$service" || {
                cat "$log" >&2
                exit 1
            }
            sleep 0.1
        done
    done
}

stop() {
    kill "$service"
    wait "$service" || :
}

# The commands of one document, in one shell. What a document makes in its directory is not in the way of another.
run() {
    local document=$1 directory=$2 step
    mkdir -p "$directory"
    (
        # As in a shell that people type into.
        set +eu +o pipefail
        cd "$directory" || exit
        for step in "$scratch/$document/steps"/*.sh; do
            eval "$(cat "$step")" >"${step%.sh}.out" 2>"${step%.sh}.err" </dev/null
            echo $? >"${step%.sh}.rc"
        done
    )
}

prepare_system
prepare_files
for document; do
    if [[ $document == README ]]; then
        prepare_tree
        serve "$tree/target/millrace/bin/millrace" "$tree" config/millrace.yaml 'started with' 'scan big-1: read' 'scan programs-1: read'
        run README "$tree"
        stop
    fi
done
prepare_installation
PATH=$layout/bin:$PATH
serve millrace /etc/millrace millrace.yaml 'started with' 'pool wal: ready'
for document; do
    [[ $document == README ]] || run "$document" "$scratch/$document/work"
done
stop
