/* A vendor's reader library for the tests: the national interface, told by environment variables what to answer. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int told(const char *variable, int otherwise) {
    const char *value = getenv(variable);
    return value ? atoi(value) : otherwise;
}

static int copy(const char *variable, char *out) {
    const char *value = getenv(variable);
    if (value) strcpy(out, value);
    return 0;
}

int iReadCardBas(int type, char *out) {
    int code = told("VENDOR_CODE", 0);
    (void)type;
    if (getenv("VENDOR_PRINTS")) {
        const char *said = getenv("VENDOR_STRING");
        for (int stream = 1; said && stream <= 2; stream++) {
            (void)!write(stream, said, strlen(said));
            (void)!write(stream, "\n", 1);
        }
    }
    if (getenv("VENDOR_CRASHES")) abort();
    if (getenv("VENDOR_HANGS")) pause();
    if (getenv("VENDOR_RUNS_ON")) memset(out, 'A', 8192);
    if (code) return code;
    return copy("VENDOR_STRING", out);
}

int iReadCardBas_HSM_Step1(int type, char *out) {
    (void)type;
    return copy("VENDOR_STEP1", out);
}

int iReadCardBas_HSM_Step2(const char *key, char *out) {
    const char *wanted = getenv("VENDOR_KEY");
    if (!wanted || strcmp(key, wanted)) return -21;
    return copy("VENDOR_STRING", out);
}
