using Microsoft.AspNetCore.Builder;
using Upweave.ServiceDefaults;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args).AddHostDefaults();
await using WebApplication app = builder.Build();
await app.RunAsync();
