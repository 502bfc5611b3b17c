// SPDX-License-Identifier: Apache-2.0
// Keeps a directory filled as plainly as can be, until SIGTERM:
//   keeper DIRECTORY READY BYTES
// One file after the other: made without a name, reserved, synced, named; then the directory is synced, and read to see what
// is missing by now.
// Prints its processor time in seconds.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void stop(int number) {
    (void) number;
    stopped = 1;
}

static int wrong(const char *what) {
    fprintf(stderr, "keeper: %s: %s\n", what, strerror(errno));
    return 1;
}

static int count(DIR *directory) {
    int found = 0;
    struct dirent *entry;
    rewinddir(directory);
    while ((entry = readdir(directory)) != NULL)
        found += entry->d_name[0] != '.';
    return found;
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 64;
    DIR *directory = opendir(argv[1]);
    int ready = atoi(argv[2]);
    long long bytes = atoll(argv[3]), number = 0;
    if (directory == NULL)
        return wrong(argv[1]);
    signal(SIGTERM, stop);
    while (!stopped) {
        int missing = ready - count(directory);
        if (missing <= 0) {
            usleep(100);
            continue;
        }
        for (; missing > 0 && !stopped; missing--) {
            char name[64], self[64];
            int file = openat(dirfd(directory), ".", O_TMPFILE | O_RDWR, 0640);
            if (file < 0)
                return wrong("open");
            if (fallocate(file, 0, 0, bytes) != 0)
                return wrong("fallocate");
            if (fsync(file) != 0)
                return wrong("fsync");
            snprintf(self, sizeof self, "/proc/self/fd/%d", file);
            snprintf(name, sizeof name, "plain-%016llx", number++);
            if (linkat(AT_FDCWD, self, dirfd(directory), name, AT_SYMLINK_FOLLOW) != 0)
                return wrong("linkat");
            close(file);
        }
        if (fsync(dirfd(directory)) != 0)
            return wrong("fsync of the directory");
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("%.6f\n", used.ru_utime.tv_sec + used.ru_utime.tv_usec / 1e6 + used.ru_stime.tv_sec
            + used.ru_stime.tv_usec / 1e6);
    return 0;
}
