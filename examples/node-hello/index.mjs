export const handler = async (event, context) => {
  console.log("greeting", event.name ?? "world");
  return { hello: event.name ?? "world", requestId: context.awsRequestId };
};
