// SPDX-License-Identifier: Apache-2.0
/*
 * The neighbour: random 8 KiB preads of a hot file, each one timed.
 *
 *   neighbour FILE [READS_A_MILLISECOND]
 *
 * Reads FILE once to make it hot, says how much is resident ("{"size":…,"resident":…}"), waits for
 * one byte on stdin, then reads at random until SIGTERM, as fast as it can or so many times a
 * millisecond, and says the percentiles since the start or since SIGUSR1. The histogram has 64
 * steps for every power of two: percentiles are right within 1.6 %.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 8192, CHUNK = 1 << 20, STEPS = 64, STEP_BITS = 6 };

static volatile sig_atomic_t ended, anew;
static uint64_t histogram[64 * STEPS];
static char buffer[CHUNK];

static void end(int number) {
    (void)number;
    ended = 1;
}

static void begin_anew(int number) {
    (void)number;
    anew = 1;
}

static void die(const char *what) {
    fprintf(stderr, "neighbour: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static unsigned slot(uint64_t ns) {
    if (ns < STEPS) return (unsigned)ns;
    unsigned shift = 63u - (unsigned)__builtin_clzll(ns) - STEP_BITS;
    return (shift + 1) * STEPS + (unsigned)(ns >> shift) - STEPS;
}

static uint64_t slot_ns(unsigned index) {
    if (index < STEPS) return index;
    unsigned shift = index / STEPS - 1;
    return (uint64_t)(index % STEPS + STEPS) << shift;
}

static uint64_t percentile(double share, uint64_t reads) {
    uint64_t below = 0;
    for (unsigned i = 0; i < sizeof histogram / sizeof *histogram; i++)
        if ((below += histogram[i]) >= share * (double)reads) return slot_ns(i);
    return 0;
}

static uint64_t resident_bytes(int fd, size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page, resident = 0;
    unsigned char *vector = malloc(pages);
    void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (vector == NULL || map == MAP_FAILED || mincore(map, size, vector)) die("mincore");
    for (size_t i = 0; i < pages; i++) resident += vector[i] & 1;
    munmap(map, size);
    free(vector);
    return resident * page;
}

/*
 * Single pages, as a database's own block reads would have left them: FADV_RANDOM keeps readahead
 * from building large folios, which one touch anywhere would keep alive as a whole.
 */
static uint64_t make_hot(int fd, size_t size) {
    uint64_t resident = 0;
    posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
    for (int pass = 0; pass < 5 && resident < size; pass++) {
        for (off_t at = 0; at < (off_t)size; at += CHUNK)
            if (pread(fd, buffer, CHUNK, at) < 0) die("pread");
        resident = resident_bytes(fd, size);
    }
    return resident;
}

/* Sleeps until the next whole millisecond. */
static void next_tick(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += 1000000 - at.tv_nsec % 1000000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

int main(int argc, char **argv) {
    struct stat facts;
    int fd = argc >= 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &facts)) die(argc >= 2 ? argv[1] : "usage: neighbour FILE");
    size_t size = (size_t)facts.st_size, blocks = size / BLOCK;
    if (blocks == 0) die("the file is too small");

    signal(SIGTERM, end);
    signal(SIGUSR1, begin_anew);
    printf("{\"size\":%zu,\"resident\":%zu}\n", size, (size_t)make_hot(fd, size));
    fflush(stdout);
    if (read(STDIN_FILENO, buffer, 1) != 1) return 1;

    uint64_t pace = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    uint64_t reads = 0, most = 0, state = 88172645463325252u, begin = now_ns(), before = begin;
    while (!ended) {
        if (anew) {
            anew = 0, reads = 0, most = 0;
            memset(histogram, 0, sizeof histogram);
            begin = before = now_ns();
        }
        state ^= state << 13, state ^= state >> 7, state ^= state << 17; /* xorshift64 */
        if (pread(fd, buffer, BLOCK, (off_t)(state % blocks * BLOCK)) != BLOCK) die("pread");
        uint64_t after = now_ns(), ns = after - before;
        histogram[slot(ns)]++;
        if (ns > most) most = ns;
        before = after;
        if (++reads % (pace ? pace : UINT64_MAX) == 0) {
            next_tick();
            before = now_ns();
        }
    }
    printf("{\"reads\":%lu,\"seconds\":%.6f,\"p50_ns\":%lu,\"p99_ns\":%lu,\"p999_ns\":%lu,"
           "\"max_ns\":%lu,\"resident_after\":%lu}\n",
           reads, (double)(before - begin) / 1e9, percentile(0.5, reads), percentile(0.99, reads),
           percentile(0.999, reads), most, resident_bytes(fd, size));
    return 0;
}
