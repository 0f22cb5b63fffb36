/* A reader's driver for the tests: no card ever lies in it, and while something stands in the file that is its device, nothing is heard from it. */

#include <ifdhandler.h>
#include <string.h>
#include <sys/stat.h>

static char devices[16][4096];

static char *device(DWORD lun) { return devices[lun >> 16 & 15]; }

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name) {
    strncpy(device(lun), name, sizeof devices[0] - 1);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) {
    (void)lun;
    (void)channel;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCloseChannel(DWORD lun) {
    (void)lun;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value) {
    (void)lun;
    if (tag == TAG_IFD_SLOTS_NUMBER || tag == TAG_IFD_SIMULTANEOUS_ACCESS) {
        *length = 1;
        *value = tag == TAG_IFD_SLOTS_NUMBER ? 1 : 16;
        return IFD_SUCCESS;
    }
    return IFD_ERROR_TAG;
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value) {
    (void)lun;
    (void)tag;
    (void)length;
    (void)value;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR p1, UCHAR p2, UCHAR p3) {
    (void)lun;
    (void)protocol;
    (void)flags;
    (void)p1;
    (void)p2;
    (void)p3;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length) {
    (void)lun;
    (void)action;
    (void)atr;
    *length = 0;
    return IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER send, PUCHAR command, DWORD sent, PUCHAR answer, PDWORD received,
                               PSCARD_IO_HEADER receive) {
    (void)lun;
    (void)send;
    (void)command;
    (void)sent;
    (void)answer;
    (void)receive;
    *received = 0;
    return IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR in, DWORD sent, PUCHAR out, DWORD room, LPDWORD received) {
    (void)lun;
    (void)code;
    (void)in;
    (void)sent;
    (void)out;
    (void)room;
    *received = 0;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD lun) {
    struct stat file;
    return stat(device(lun), &file) || file.st_size == 0 ? IFD_ICC_NOT_PRESENT : IFD_COMMUNICATION_ERROR;
}
