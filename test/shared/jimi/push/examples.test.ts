import { describe, expect, it } from "vitest";
import { noDeviceFacts } from "../../../../shared/jimi/device-item.ts";
import { parse, receivedAt } from "./parse.ts";

/** The items of the examples of the reference, §3.2 to §3.4, to the letter. */

const vehicle = "860000000000001";
const camera = "860000000000003";
const obdDevice = "860000000000004";
const deviceOf = (imei: string) => ({ ...noDeviceFacts, imei, seenAt: receivedAt });

describe("log-in, heartbeat, position", () => {
  it("reads a log-in", () => {
    const item = {
      deviceImei: vehicle,
      type: "LOGIN",
      gateTime: "2026-01-15 05:09:40",
      timezone: "GMT+03:00",
    };
    expect(parse("pushevent", item)).toEqual({
      imei: vehicle,
      device: deviceOf(vehicle),
      contact: expect.objectContaining({
        imei: vehicle,
        contactAt: "2026-01-15T05:09:40.000Z",
        receivedAt,
        online: true,
        ignition: null,
      }),
      facts: {
        deviceEvents: [
          {
            key: expect.stringMatching(/^860000000000001 2026-01-15T05:09:40.000Z [0-9a-f]{32}$/),
            imei: vehicle,
            at: "2026-01-15T05:09:40.000Z",
            hash: expect.stringMatching(/^[0-9a-f]{32}$/),
            undated: false,
            kind: "pushevent",
            eventType: "LOGIN",
            path: "/pushevent",
            channel: null,
            fileNames: null,
            instructionId: null,
            outcome: null,
            card: null,
            mac: null,
            content: null,
            lat: null,
            lng: null,
            raw: JSON.stringify(item),
            receivedAt,
          },
        ],
      },
    });
  });

  it("reads a heartbeat", () => {
    const parsed = parse("pushhb", {
      deviceImei: vehicle,
      gateTime: "2026-01-15 08:29:50",
      powerLevel: 100,
      gsmSign: 80,
      acc: 1,
      oilEle: 0,
      gpsPos: 1,
      remoteLock: 0,
      powerStatus: 1,
      fortify: 0,
    });
    expect(parsed.contact).toEqual({
      imei: vehicle,
      contactAt: "2026-01-15T08:29:50.000Z",
      receivedAt,
      online: true,
      ignition: true,
      gsmLevel: 3,
      batteryPercent: 100,
      batteryVoltageV: null,
      externalVoltageV: null,
      temperatureC: null,
      fuelSensor: null,
    });
    expect(parsed.facts?.heartbeats).toMatchObject([
      {
        at: "2026-01-15T08:29:50.000Z",
        batteryPercent: 100,
        gsmPercent: 80,
        ignition: true,
        relayCut: false,
        hasFix: true,
        remoteLock: false,
        charging: true,
        armed: false,
        temperatureC: null,
        voltageV: null,
      },
    ]);
  });

  it("reads a position, its odometer in metres", () => {
    const parsed = parse("pushgps", {
      deviceImei: vehicle,
      gpsTime: "2026-01-15 08:29:47",
      gateTime: "2026-01-15 08:29:48",
      satelliteNum: 11,
      lng: 36.817223,
      lat: -1.286389,
      gpsMode: 0,
      gpsSpeed: 42,
      direction: 187,
      acc: 1,
      postType: 1,
      altitude: 1661,
      distance: 15234704,
      status: 262147,
    });
    expect(parsed.fix).toEqual({
      imei: vehicle,
      gpsTime: "2026-01-15T08:29:47.000Z",
      lat: -1.286389,
      lng: 36.817223,
      speedKmh: 42,
      headingDeg: 187,
      altitudeM: 1661,
      satellites: 11,
      posType: "GPS",
      confidence: null,
      ignition: true,
      odometerKm: 15234.704,
      retransmitted: false,
      clockAhead: false,
      source: "push",
      sources: 2,
      receivedAt,
    });
    expect(parsed.contact).toMatchObject({
      contactAt: "2026-01-15T08:29:48.000Z",
      online: true,
      ignition: true,
    });
    expect(parsed.rejection).toBeUndefined();
  });

  it("reads the position of a TAG", () => {
    const parsed = parse("tag", {
      gpsNum: 3,
      gpsTime: 1768465740000,
      imei: "860000000000005",
      lat: -1.2921,
      lng: 36.8219,
      positionType: "BEACON",
    });
    expect(parsed.fix).toMatchObject({
      gpsTime: "2026-01-15T08:29:00.000Z",
      posType: "BEACON",
      confidence: 3,
      satellites: null,
      speedKmh: null,
    });
    expect(parsed.contact).toBeUndefined();
  });
});

describe("alarms", () => {
  it("reads an alarm of the JIMI list", () => {
    const { facts } = parse("pushalarm", {
      type: "DEVICE",
      msgClass: 0,
      imei: vehicle,
      gateTime: "2026-01-15 08:15:05",
      msg: {
        alertType: 48,
        alarmTime: "2026-01-15 08:15:02",
        lng: 36.817223,
        lat: -1.286389,
        gpsSpeed: 52,
      },
    });
    expect(facts?.alarms).toMatchObject([
      {
        at: "2026-01-15T08:15:02.000Z",
        code: "jimi:48",
        alarmType: "48",
        alarmName: null,
        fenceId: "",
        lat: -1.286389,
        lng: 36.817223,
        speedKmh: 52,
        msgClass: 0,
        level: null,
        source: "push",
        sources: 2,
      },
    ]);
  });

  it("reads an alarm of the JT/T list with its subtype", () => {
    const { facts } = parse("pushalarm", {
      type: "DEVICE",
      msgClass: 1,
      imei: camera,
      gateTime: "2026-01-15 08:16:05",
      msg: {
        alertType: 265,
        alarmType: 2,
        alarmLevel: 1,
        alarmLabel: "30303030",
        alarmTime: "2026-01-15 08:16:02",
        lng: 36.8172,
        lat: -1.2863,
        gpsSpeed: 40,
      },
    });
    expect(facts?.alarms).toMatchObject([{ code: "jt:265.2", alarmType: "265", msgClass: 1, level: 1 }]);
  });

  it("reads a new SIM card", () => {
    const parsed = parse("pushalarm", {
      type: "ICCID",
      imei: vehicle,
      gateTime: "2026-01-15 05:09:41",
      msg: { iccid: "89000000000000000002" },
    });
    expect(parsed.device).toEqual({ ...deviceOf(vehicle), iccid: "89000000000000000002" });
    expect(parsed.facts?.alarms).toBeUndefined();
    expect(parsed.facts?.deviceEvents).toMatchObject([
      { eventType: "ICCID", content: "89000000000000000002" },
    ]);
  });

  it("reads an alarm of the Open API", () => {
    const { facts } = parse("open_alarm", {
      imei: vehicle,
      deviceName: "KDA 001A VAN",
      alarmType: "ACC_ON",
      alarmName: "ACC ON",
      lat: -1.286389,
      lng: 36.817223,
      alarmTime: "2026-01-15 05:09:58",
    });
    expect(facts?.alarms).toMatchObject([
      { code: "word:ACC_ON", alarmType: "ACC_ON", alarmName: "ACC ON", at: "2026-01-15T05:09:58.000Z" },
    ]);
  });
});

describe("readings", () => {
  it("reads OBD values from JSON text inside", () => {
    const { facts } = parse("pushobd", {
      deviceImei: obdDevice,
      gateTime: "2026-01-15 08:21:00",
      obdJson: '{"rpm":1816,"vehicleSpeed":48,"coolantTemp":77,"batteryVoltage":13.8,"fuelLevel":58}',
    });
    expect(facts?.obdReadings).toMatchObject([
      {
        at: "2026-01-15T08:21:00.000Z",
        engineRpm: 1816,
        speedKmh: 48,
        coolantC: 77,
        batteryVoltageV: 13.8,
        fuelLevel: 58,
        odometer: null,
        vin: null,
        undated: false,
      },
    ]);
  });

  it("reads trouble codes, one by one", () => {
    const { facts } = parse("pushfaultinfo", {
      deviceImei: obdDevice,
      gateTime: "2026-01-15 08:21:30",
      faultCode: "P0301,P0420",
    });
    expect(facts?.faultCodes).toMatchObject([{ faultCode: "P0301" }, { faultCode: "P0420" }]);
    expect(new Set(facts?.faultCodes?.map(({ key }) => key)).size).toBe(2);
  });

  it("reads a trip, its distance in metres", () => {
    const { facts } = parse("pushtripreport", {
      deviceImei: obdDevice,
      startTime: "2026-01-15 05:10:33",
      endTime: "2026-01-15 05:52:08",
      distance: 16840,
      maxSpeed: 71,
      fuel: 1.5,
    });
    expect(facts?.trips).toMatchObject([
      {
        at: "2026-01-15T05:10:33.000Z",
        endAt: "2026-01-15T05:52:08.000Z",
        distanceKm: 16.84,
        maxSpeedKmh: 71,
        fuelL: 1.5,
        drivingTimeS: null,
        startLat: null,
      },
    ]);
  });

  it("reads fuel, temperature and cells", () => {
    const fuel = { deviceImei: vehicle, gateTime: "2026-01-15 08:22:00", oil: 41.5, unit: 1 };
    expect(parse("pushoil", fuel).facts?.fuelReadings).toMatchObject([
      { value: 41.5, unit: "1", sensor: null },
    ]);
    const temperature = {
      deviceImei: vehicle,
      gateTime: "2026-01-15 08:22:30",
      temperature: 4.2,
      humidity: 61,
    };
    expect(parse("pushtem", temperature).facts?.temperatureReadings).toMatchObject([
      { temperatureC: 4.2, humidityPercent: 61, sensor: null },
    ]);
    const cells = {
      deviceImei: vehicle,
      gateTime: "2026-01-15 08:18:00",
      lbsJson: '{"mcc":639,"mnc":2,"cellList":"2312,23222,70;2312,23223,75"}',
      postType: "LBS",
    };
    expect(parse("pushlbs", cells).facts?.lbsReadings).toMatchObject([
      { postType: "LBS", mcc: 639, mnc: 2, cells: "2312,23222,70;2312,23223,75" },
    ]);
  });
});

describe("events", () => {
  it.each([
    [
      "pushfileupload",
      {
        deviceImei: camera,
        fileName: "EVENT_01.mp4;EVENT_02.mp4",
        gateTime: "2026-01-15 08:17:00",
        result: "SUCCESS",
      },
      { at: "2026-01-15T08:17:00.000Z", fileNames: "EVENT_01.mp4;EVENT_02.mp4", outcome: "SUCCESS" },
    ],
    [
      "pushresourcelist",
      {
        imei: camera,
        totalNum: 1,
        instructionID: "1f0e2d3c",
        resourceList: [
          {
            channel: 1,
            beginTime: "2026-01-14 13:55:41",
            endTime: "2026-01-14 13:58:42",
            alarmFlag: 0,
            resourceType: 2,
          },
        ],
      },
      { at: receivedAt, undated: true, instructionId: "1f0e2d3c", outcome: "1" },
    ],
    [
      "pushftpfileupload",
      { deviceImei: camera, result: 0, instructionID: "1f0e2d3c", gateTime: "2026-01-15 08:19:00" },
      { at: "2026-01-15T08:19:00.000Z", outcome: "0", instructionId: "1f0e2d3c" },
    ],
    [
      "pushiothubevent",
      {
        deviceImei: camera,
        gateTime: 1768465140,
        eventType: "UploadAlarmFileEnd",
        eventContent: '{"fileName":"EVENT_01.mp4"}',
      },
      {
        at: "2026-01-15T08:19:00.000Z",
        eventType: "UploadAlarmFileEnd",
        content: '{"fileName":"EVENT_01.mp4"}',
      },
    ],
    [
      "pushterminaltransinfo",
      { deviceImei: vehicle, postTime: "2026-01-15 08:20:00", extensionId: 8197, content: "{8193:23.4}" },
      { at: "2026-01-15T08:20:00.000Z", channel: "8197", content: "{8193:23.4}" },
    ],
    [
      "pushinstructresponse",
      {
        code: 0,
        msg: "success",
        data: {
          _code: "100",
          _imei: vehicle,
          _content: "STATUS#",
          _msg: "Battery:4.14V",
          _serverFlagId: "1768465200000",
        },
      },
      { imei: vehicle, instructionId: "1768465200000", outcome: "100", content: "Battery:4.14V" },
    ],
    [
      "uploadcallback",
      {
        imei: camera,
        filename: "EVENT_01.mp4",
        businessType: "alarm",
        camera: "1",
        mimeType: "video/mp4",
        lat: -1.2863,
        lng: 36.8172,
        alarmTime: "2026-01-15 08:16:02",
        instructionId: "1f0e2d3c",
      },
      {
        at: "2026-01-15T08:16:02.000Z",
        eventType: "alarm",
        fileNames: "EVENT_01.mp4",
        channel: "1",
        instructionId: "1f0e2d3c",
        lat: -1.2863,
        lng: 36.8172,
      },
    ],
    [
      "rfid",
      { deviceImei: vehicle, gateTime: "2026-01-15 05:09:58", rfid: "0012345678" },
      { at: "2026-01-15T05:09:58.000Z", card: "0012345678" },
    ],
    ...(
      ["wgtc", "pushpassthroughdata", "pushfilecontent", "pushextendedkks", "generalbusiness"] as const
    ).map(
      (kind) =>
        [
          kind,
          { deviceImei: vehicle, gateTime: "2026-01-15 08:23:00", content: "0102A0FF" },
          { at: "2026-01-15T08:23:00.000Z", content: "0102A0FF", eventType: kind },
        ] as const,
    ),
    [
      "open_instruction",
      { imei: vehicle, deviceName: "KDA 001A VAN", raw_data: "0A0C0F01182E0101" },
      { at: receivedAt, undated: true, content: "0A0C0F01182E0101" },
    ],
  ] as const)("keeps %s", (kind, item, expected) => {
    const parsed = parse(kind, item);
    expect(parsed.rejection).toBeUndefined();
    expect(parsed.device?.imei).toBe(parsed.imei);
    expect(parsed.facts?.deviceEvents).toMatchObject([{ kind, raw: JSON.stringify(item), ...expected }]);
  });
});
