// SPDX-License-Identifier: Apache-2.0
// Claims files from a pool as fast as it can, by rename, as any program would:
//   claimer POOL GOAL CLAIMS BYTES
// checks that each has BYTES and reserves as many, and removes it. Prints a line for each claim, its name and the
// nanoseconds of the rename; exits with 1 at the first file that is not as promised, 2 when no claim succeeds for 20 s.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int wrong(const char *what, const char *name) {
    fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 5)
        return 64;
    DIR *pool = opendir(argv[1]);
    int goal = open(argv[2], O_RDONLY | O_DIRECTORY);
    long claims = atol(argv[3]), done = 0;
    long long bytes = atoll(argv[4]), last = now();
    if (pool == NULL || goal < 0)
        return wrong("open", argv[1]);
    while (done < claims) {
        long before = done;
        struct dirent *entry;
        rewinddir(pool);
        while (done < claims && (entry = readdir(pool)) != NULL) {
            if (entry->d_name[0] == '.')
                continue;
            long long start = now();
            int failed = renameat2(dirfd(pool), entry->d_name, goal, entry->d_name, RENAME_NOREPLACE);
            long long end = now();
            if (failed) {
                if (errno == ENOENT)
                    continue;
                return wrong("rename", entry->d_name);
            }
            struct stat st;
            if (fstatat(goal, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return wrong("stat", entry->d_name);
            if (!S_ISREG(st.st_mode) || st.st_size != bytes || st.st_blocks * 512LL < bytes || st.st_nlink != 1) {
                fprintf(stderr, "%s: size %lld blocks %lld links %ld\n", entry->d_name, (long long) st.st_size,
                        (long long) st.st_blocks, (long) st.st_nlink);
                return 1;
            }
            if (unlinkat(goal, entry->d_name, 0) != 0)
                return wrong("unlink", entry->d_name);
            printf("%s %lld\n", entry->d_name, end - start);
            done++;
            last = end;
        }
        if (done == before) {
            if (now() - last > 20000000000LL)
                return 2;
            usleep(100);
        }
    }
    return 0;
}
