// SPDX-License-Identifier: Apache-2.0
// chaos-killer PARENT NAME MOST-MILLIS SEED: while its standard input is open, sends SIGKILL, SIGTERM, SIGSTOP and
// SIGCONT to children of PARENT with that name, at random moments. Says at its end how many it sent.
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t dice;

static uint64_t roll(uint64_t below) {
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    return dice % below;
}

static int is_named(int pid, const char *name) {
    char path[64], said[64] = "";
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    if (fgets(said, sizeof said, file)) said[strcspn(said, "\n")] = 0;
    fclose(file);
    return strcmp(said, name) == 0;
}

/** One of the children, by chance; 0 where there is none. */
static int child(const char *parent) {
    char path[600];
    snprintf(path, sizeof path, "/proc/%s/task", parent);
    DIR *tasks = opendir(path);
    if (!tasks) return 0;
    int chosen = 0, pid, seen = 0;
    for (struct dirent *task = readdir(tasks); task; task = readdir(tasks)) {
        snprintf(path, sizeof path, "/proc/%s/task/%s/children", parent, task->d_name);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        while (fscanf(file, "%d", &pid) == 1)
            if (roll(++seen) == 0) chosen = pid;
        fclose(file);
    }
    closedir(tasks);
    return chosen;
}

int main(int argc, char **argv) {
    static const int signals[] = {SIGKILL, SIGKILL, SIGTERM, SIGSTOP, SIGSTOP, SIGCONT};
    struct pollfd input = {0, POLLIN, 0};
    int sent = 0;
    if (argc != 5) return 99;
    dice = strtoull(argv[4], NULL, 10) | 1;
    while (poll(&input, 1, (int) roll(strtoull(argv[3], NULL, 10))) == 0) {
        int pid = child(argv[1]);
        int pidfd = pid ? (int) syscall(SYS_pidfd_open, pid, 0) : -1;
        if (pidfd < 0) continue;
        int signal = signals[roll(sizeof signals / sizeof *signals)];
        if (is_named(pid, argv[2]) && syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0) sent++;
        close(pidfd);
    }
    printf("%d\n", sent);
    return 0;
}
