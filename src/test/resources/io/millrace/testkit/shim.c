// SPDX-License-Identifier: Apache-2.0
// Stands between JNA and the C library: every other call is interrupted, every transfer is cut to half of what was
// asked for, as SHIM says ("eintr", "short", "zero"). Calls of the JVM itself pass. On exit it writes a line per
// function to SHIM_REPORT: name, calls, interrupted, cut.
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/types.h>
#include <sys/uio.h>

// Not unistd.h, nor sys/wait.h with it: it declares syscall with a variable list of arguments.

struct count {
    const char *name;
    atomic_long calls, interrupted, cut;
    struct count *next;
};

static struct count *all;
static int eintr, cut, zero;

__attribute__((constructor)) static void begin(void) {
    const char *mode = getenv("SHIM");
    eintr = mode && strstr(mode, "eintr");
    cut = mode && strstr(mode, "short");
    zero = mode && strstr(mode, "zero");
}

__attribute__((destructor)) static void report(void) {
    FILE *out = getenv("SHIM_REPORT") ? fopen(getenv("SHIM_REPORT"), "w") : NULL;
    if (!out) return;
    for (struct count *c = all; c; c = c->next)
        fprintf(out, "%s %ld %ld %ld\n", c->name, c->calls, c->interrupted, c->cut);
    fclose(out);
}

static int from_jna(void *caller) {
    Dl_info library;
    if (!dladdr(caller, &library) || !library.dli_fname) return 0;
    const char *slash = strrchr(library.dli_fname, '/');
    const char *name = slash ? slash + 1 : library.dli_fname;
    return strstr(name, "jnidispatch") || !strncmp(name, "jna", 3);
}

static int interrupts(struct count *c, void *caller) {
    if (!from_jna(caller)) return 0;
    if (atomic_fetch_add(&c->calls, 1) % 2 || !eintr) return 0;
    atomic_fetch_add(&c->interrupted, 1);
    errno = EINTR;
    return 1;
}

static size_t less(struct count *c, void *caller, size_t count) {
    if (!(cut || zero) || count < 2 || !from_jna(caller)) return count;
    atomic_fetch_add(&c->cut, 1);
    return zero ? 0 : (count + 1) / 2;
}

#define CALL(result, call, parameters, arguments, failed)                                                    \
    static struct count count_##call = {.name = #call};                                                      \
    static result(*real_##call) parameters;                                                                  \
    __attribute__((constructor)) static void find_##call(void) {                                             \
        real_##call = dlsym(RTLD_NEXT, #call);                                                               \
        count_##call.next = all;                                                                             \
        all = &count_##call;                                                                                 \
    }                                                                                                        \
    result call parameters {                                                                                 \
        struct count *c = &count_##call;                                                                     \
        void *caller = __builtin_return_address(0);                                                          \
        (void) find_##call;                                                                                  \
        if (!real_##call) real_##call = dlsym(RTLD_NEXT, #call);                                             \
        if (interrupts(c, caller)) return failed;                                                            \
        return real_##call arguments;                                                                        \
    }
#define LESS(n) less(c, caller, n)

static __thread struct iovec part;

static const struct iovec *less_of(struct count *c, void *caller, const struct iovec *whole) {
    part = *whole; // JNA callers pass one
    part.iov_len = less(c, caller, part.iov_len);
    return from_jna(caller) ? &part : whole;
}

CALL(ssize_t, read, (int fd, void *b, size_t n), (fd, b, LESS(n)), -1)
CALL(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, LESS(n)), -1)
CALL(ssize_t, pread, (int fd, void *b, size_t n, off_t o), (fd, b, LESS(n), o), -1)
CALL(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, LESS(n), o), -1)
CALL(ssize_t, preadv2, (int fd, const struct iovec *v, int n, off_t o, int f), (fd, less_of(c, caller, v), n, o, f), -1)
CALL(ssize_t, splice, (int i, off64_t *io, int o, off64_t *oo, size_t n, unsigned f), (i, io, o, oo, LESS(n), f), -1)
CALL(ssize_t, tee, (int i, int o, size_t n, unsigned f), (i, o, LESS(n), f), -1)
CALL(ssize_t, vmsplice, (int fd, const struct iovec *v, size_t n, unsigned f), (fd, less_of(c, caller, v), n, f), -1)
CALL(int, poll, (struct pollfd *p, nfds_t n, int t), (p, n, t), -1)
CALL(int, fallocate, (int fd, int m, off_t o, off_t n), (fd, m, o, n), -1)
CALL(int, posix_fallocate, (int fd, off_t o, off_t n), (fd, o, n), EINTR)
CALL(int, fsync, (int fd), (fd), -1)
CALL(int, fdatasync, (int fd), (fd), -1)
CALL(int, ftruncate, (int fd, off_t n), (fd, n), -1)
CALL(int, fchmod, (int fd, mode_t m), (fd, m), -1)
CALL(int, fchown, (int fd, uid_t u, gid_t g), (fd, u, g), -1)
CALL(int, msync, (void *a, size_t n, int f), (a, n, f), -1)
CALL(int, futimens, (int fd, const struct timespec t[2]), (fd, t), -1)
CALL(int, getrusage, (int w, void *u), (w, u), -1)
CALL(int, name_to_handle_at, (int d, const char *p, void *h, int *m, int f), (d, p, h, m, f), -1)
CALL(int, inotify_add_watch, (int fd, const char *p, uint32_t m), (fd, p, m), -1)
CALL(int, fstatfs, (int fd, struct statfs *s), (fd, s), -1)
CALL(int, statx, (int d, const char *p, int f, unsigned m, struct statx *s), (d, p, f, m, s), -1)
CALL(int, faccessat, (int d, const char *p, int m, int f), (d, p, m, f), -1)
CALL(int, linkat, (int d, const char *p, int e, const char *q, int f), (d, p, e, q, f), -1)
CALL(int, renameat2, (int d, const char *p, int e, const char *q, unsigned f), (d, p, e, q, f), -1)
CALL(int, renameat, (int d, const char *p, int e, const char *q), (d, p, e, q), -1)
CALL(int, mkdirat, (int d, const char *p, mode_t m), (d, p, m), -1)
CALL(int, unlinkat, (int d, const char *p, int f), (d, p, f), -1)
CALL(off_t, lseek, (int fd, off_t o, int w), (fd, o, w), -1)
CALL(ssize_t, getdents64, (int fd, void *b, size_t n), (fd, b, n), -1)
CALL(int, pipe2, (int *p, int f), (p, f), -1)
CALL(int, posix_openpt, (int f), (f), -1)
CALL(int, grantpt, (int fd), (fd), -1)
CALL(int, unlockpt, (int fd), (fd), -1)
CALL(int, ptsname_r, (int fd, char *b, size_t n), (fd, b, n), EINTR)
CALL(int, waitid, (int k, unsigned i, void *s, int o), (k, i, s, o), -1)
CALL(int, getpwnam_r, (const char *n, void *e, char *b, size_t s, void **r), (n, e, b, s, r), EINTR)
CALL(int, getgrnam_r, (const char *n, void *e, char *b, size_t s, void **r), (n, e, b, s, r), EINTR)
CALL(int, socket, (int d, int t, int p), (d, t, p), -1)
CALL(ssize_t, sendto, (int fd, const void *b, size_t n, int f, const void *a, unsigned l), (fd, b, n, f, a, l), -1)
CALL(long, syscall, (long n, long a, long b, long d, long e, long f, long g), (n, a, b, d, e, f, g), -1)

// Linux has closed the descriptor when close is interrupted: a second close would close somebody else's.
static struct count count_close = {.name = "close"};
__attribute__((constructor)) static void find_close(void) {
    count_close.next = all;
    all = &count_close;
}
int close(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "close");
    int result = real(fd);
    return interrupts(&count_close, __builtin_return_address(0)) ? -1 : result;
}
