// SPDX-License-Identifier: Apache-2.0
// A worker that may go wrong at any byte: chaos-worker file|stay TROUBLE-PERCENT LOG SEED
// It says what it saw ("saw COUNT FNV-1A", or that as a result) and how it leaves ("leave CODE"). In LOG it writes 's'
// at its start, and 'T' where it was told that a file is complete which is not.
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum trouble {
    NONE, LEAVE_0, LEAVE_3, DIE, CLOSE_AND_LEAVE, CLOSE_AND_STAY, FORK, FORK_AND_LEAVE, DEAF, SLOW, FAIL, NOISY, STOP,
    OTHER_GROUP, BABBLE, ANSWER_TWICE, ANSWER_EARLY, FLOOD, CLOSE_OUTPUT, TROUBLES
};

static enum trouble trouble;
static uint64_t dice, count, hash, lifetime, trigger, id;
static int log_fd;
static unsigned char buffer[1 << 16];
static size_t from, to;

static uint64_t roll(uint64_t below) {
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    return dice % below;
}

static void nap(long millis) {
    struct timespec time = {millis / 1000, millis % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static void note(const char *what) {
    if (write(log_fd, what, 1) != 1) abort();
}

static void leave(int code) {
    printf("saw %llu %016llx\nleave %d\n", (unsigned long long) count, (unsigned long long) hash, code);
    if (fflush(stdout)) raise(SIGKILL);
    _exit(code);
}

static void hold(void) {
    if (fork() == 0) {
        nap(20000);
        _exit(0);
    }
}

static void strike(void) {
    enum trouble now = trouble;
    trouble = now == SLOW || now == FAIL || now == ANSWER_TWICE ? now : NONE;
    switch (now) {
        case LEAVE_0: leave(0);
        case LEAVE_3: leave(3);
        case DIE: raise(SIGKILL); break;
        case CLOSE_AND_LEAVE: close(0), nap((long) roll(400)), leave(0);
        case CLOSE_AND_STAY: close(0), nap(20000), leave(0);
        case FORK: hold(); break;
        case FORK_AND_LEAVE: hold(), leave(0);
        case DEAF: nap(20000); break;
        case SLOW: nap(1); break;
        case NOISY:
            for (int i = 0; i < 2000; i++) fprintf(stderr, "line %d of \033[31mnoise\033[0m\n", i);
            break;
        case STOP: raise(SIGSTOP); break;
        case OTHER_GROUP: setpgid(0, getpgid(getppid())), nap((long) roll(600)); break;
        case BABBLE: printf("babble\n"), fflush(stdout); break;
        case ANSWER_EARLY: printf("{\"id\":%llu,\"ok\":true,\"result\":\"early\"}\n", (unsigned long long) id), fflush(stdout); break;
        case FLOOD:
            for (int i = 0; i < 100000; i++) putchar('x');
            fflush(stdout);
            break;
        case CLOSE_OUTPUT: close(1); break;
        default: break;
    }
}

static void start(void) {
    count = 0, hash = 0xcbf29ce484222325;
}

static size_t fill(void) {
    if (trouble != NONE && lifetime >= trigger) strike();
    ssize_t got = read(0, buffer, trouble == SLOW ? 1 + roll(20000) : sizeof buffer);
    from = 0, to = got > 0 ? (size_t) got : 0;
    lifetime += to;
    return to;
}

static void take(size_t length) {
    for (size_t i = 0; i < length; i++) hash = (hash ^ buffer[from + i]) * 0x100000001b3;
    from += length, count += length;
}

static int one_file(uint64_t bytes) {
    start();
    while (fill() > 0) take(to);
    if (count < bytes) note("T");
    leave(trouble == FAIL ? 7 : 0);
    return 0;
}

static int next(void) {
    return from < to || fill() > 0 ? buffer[from++] : -1;
}

/** A chunk's length; -1 at the end of everything, which is the end. */
static int64_t length(void) {
    uint32_t number = 0;
    for (int i = 0; i < 4; i++) {
        int byte = next();
        if (byte < 0) return -1;
        number = number << 8 | (uint32_t) byte;
    }
    return number;
}

static void answer(void) {
    if (trouble == FAIL && roll(2)) {
        printf("{\"id\":%llu,\"ok\":false,\"error\":\"no\"}\n", (unsigned long long) id);
    } else {
        printf("{\"id\":%llu,\"ok\":true,\"result\":{\"saw\":\"%llu %016llx\"}}\n", (unsigned long long) id,
               (unsigned long long) count, (unsigned long long) hash);
    }
    if (trouble == ANSWER_TWICE && roll(2)) printf("{\"id\":%llu,\"ok\":true}\n", (unsigned long long) id);
    fflush(stdout);
}

static int files(void) {
    for (;;) {
        char head[8192];
        size_t filled = 0;
        int byte = next();
        for (; byte >= 0 && byte != '\n' && filled < sizeof head - 1; byte = next()) head[filled++] = (char) byte;
        if (byte < 0) return 0;
        head[filled] = 0;
        id = strtoull(strstr(head, "\"id\":") + 5, NULL, 10);
        uint64_t bytes = strtoull(strstr(head, "\"bytes\":") + 8, NULL, 10);
        start();
        int64_t left = length();
        while (left > 0 && left != 0xFFFFFFFF) {
            while (left > 0) {
                if (from == to && fill() == 0) return 0;
                size_t part = to - from < (size_t) left ? to - from : (size_t) left;
                take(part);
                left -= (int64_t) part;
            }
            left = length();
        }
        if (left < 0) return 0;
        if (left == 0) {
            if (count != bytes) note("T");
            answer();
        }
    }
}

int main(int argc, char **argv) {
    log_fd = open(argv[3], O_WRONLY | O_APPEND | O_CLOEXEC);
    if (argc != 5 || log_fd < 0) return 99;
    note("s");
    dice = (strtoull(argv[4], NULL, 10) ^ ((uint64_t) getpid() << 32)) | 1;
    for (int i = 0; i < 8; i++) roll(2);
    if (roll(100) < strtoull(argv[2], NULL, 10)) trouble = 1 + roll(TROUBLES - 1);
    if (roll(3) == 0) signal(SIGTERM, SIG_IGN);
    int stays = strcmp(argv[1], "stay") == 0;
    const char *promised = getenv("MILLRACE_BYTES");
    uint64_t bytes = promised ? strtoull(promised, NULL, 10) : 0;
    trigger = roll(4) == 0 ? 0 : roll(stays ? 20 << 20 : bytes + 1);
    return stays ? files() : one_file(bytes);
}
