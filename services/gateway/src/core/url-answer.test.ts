import { describe, expect, it } from "vitest";
import { badGateway, urlAnswer } from "./url-answer.ts";

const answerTo = (json: string) => {
  const { status, headers, body } = urlAnswer(Buffer.from(json));
  return { status, headers, body: Buffer.from(body).toString() };
};
const json = ["Content-Type", "application/json"];

describe("what a function URL answers", () => {
  it.each([
    ['{"hello": "world"}', '{"hello":"world"}'],
    ['["hello", 3, true]', '["hello",3,true]'],
    ["3", "3"],
    ["3.10", "3.10"],
    ["true", "true"],
    ["null", "null"],
    ['"hello"', "hello"],
    [
      '{"a": "x \\" y  z", "n": 12345678901234567890}',
      '{"a":"x \\" y  z","n":12345678901234567890}',
    ],
  ])("to %s is 200 with %s", (returned, body) => {
    expect(answerTo(returned)).toEqual({ status: 200, headers: json, body });
  });

  it("is what the function says in a document with a statusCode", () => {
    const returned = JSON.stringify({
      statusCode: 201,
      headers: { "Content-Type": "text/html", "X-Number": 5, "X-Not": null },
      cookies: ["a=1; Secure", "b=2"],
      body: "<p>ü</p>",
    });
    expect(answerTo(returned)).toEqual({
      status: 201,
      headers: [
        ...["Content-Type", "text/html", "X-Number", "5"],
        ...["Set-Cookie", "a=1; Secure", "Set-Cookie", "b=2"],
      ],
      body: "<p>ü</p>",
    });
  });

  it("has a body of bytes where they come in base64, and JSON where it is no text", () => {
    expect(answerTo('{"statusCode":200,"body":"aGk=","isBase64Encoded":true}').body).toBe("hi");
    expect(answerTo('{"statusCode":200,"body":{"a":[1]}}').body).toBe('{"a":[1]}');
    expect(answerTo('{"statusCode":204}')).toEqual({ status: 204, headers: json, body: "" });
  });

  it("has headers of the connection under another name", () => {
    const { headers } = answerTo('{"statusCode":200,"headers":{"Date":"x","Content-Length":"9"}}');
    expect(headers).toEqual([
      ...json,
      ...["x-amzn-Remapped-Date", "x", "x-amzn-Remapped-Content-Length", "9"],
    ]);
  });

  it.each([
    "no json",
    '{"statusCode":"200"}',
    '{"statusCode":99}',
    '{"statusCode":200.5}',
    '{"statusCode":200,"headers":[]}',
    '{"statusCode":200,"headers":{"a":{}}}',
    '{"statusCode":200,"headers":{"a":"b\\r\\nc: d"}}',
    '{"statusCode":200,"headers":{"a b":"c"}}',
    '{"statusCode":200,"cookies":"a=1"}',
    '{"statusCode":200,"cookies":[1]}',
  ])("to %s is 502", (returned) => {
    expect(urlAnswer(Buffer.from(returned))).toEqual(badGateway);
  });
});
