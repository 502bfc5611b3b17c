// SPDX-License-Identifier: Apache-2.0
/*
 * What a careful C programmer would write to reserve files durably.
 *
 *   reserve DIRECTORY COUNT BYTES
 *
 * posix_fallocate and fsync for each file, fsync of the directory at the end; says the seconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int failed(const char *what, int error) {
    fprintf(stderr, "reserve: %s: %s\n", what, strerror(error));
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 4) return failed("usage: reserve DIRECTORY COUNT BYTES", EINVAL);
    int count = atoi(argv[2]), error;
    off_t bytes = atoll(argv[3]);
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    int directory = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return failed(argv[1], errno);
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "f%05d", i);
        int fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
        if (fd < 0) return failed("openat", errno);
        if ((error = posix_fallocate(fd, 0, bytes)) != 0) return failed("posix_fallocate", error);
        if (fsync(fd) || close(fd)) return failed("fsync", errno);
    }
    if (fsync(directory)) return failed("fsync", errno);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    printf("{\"type\":\"summary\",\"seconds\":%.6f}\n", seconds);
    return 0;
}
